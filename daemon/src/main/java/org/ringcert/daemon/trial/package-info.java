/**
 * Asks this very server for a challenge that it holds, as a CA would. One entry:
 * {@link org.ringcert.daemon.trial.Trial}.
 */
@NullMarked
package org.ringcert.daemon.trial;

import org.jspecify.annotations.NullMarked;
