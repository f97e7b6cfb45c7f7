/** Requests a challenge from this very server as a CA would. Entry point: {@link org.ringcert.daemon.trial.Trial}. */
@NullMarked
package org.ringcert.daemon.trial;

import org.jspecify.annotations.NullMarked;
