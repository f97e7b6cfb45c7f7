/** The daemon's page for administrators: HTML, its style and its script. */
@NullMarked
package org.ringcert.daemon.admin.page;

import org.jspecify.annotations.NullMarked;
