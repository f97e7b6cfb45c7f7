/** Programs that the administrator has configured, run with limits. */
@NullMarked
package org.ringcert.daemon.process;

import org.jspecify.annotations.NullMarked;
