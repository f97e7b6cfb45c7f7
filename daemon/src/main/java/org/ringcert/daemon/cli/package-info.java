/** The command line. */
@NullMarked
package org.ringcert.daemon.cli;

import org.jspecify.annotations.NullMarked;
