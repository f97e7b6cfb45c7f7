/** The daemon's page for administrators and programs: the matrix, history, health and metrics. Read-only. */
@NullMarked
package org.ringcert.daemon.admin;

import org.jspecify.annotations.NullMarked;
