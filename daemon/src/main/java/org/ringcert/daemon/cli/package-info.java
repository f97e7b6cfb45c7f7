/** The command line: one class for each command. */
@NullMarked
package org.ringcert.daemon.cli;

import org.jspecify.annotations.NullMarked;
