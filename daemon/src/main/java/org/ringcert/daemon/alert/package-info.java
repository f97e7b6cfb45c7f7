/**
 * Tells a person what needs one, in the log and by the administrator's command: once when it begins and once when it
 * ends. The entry point is {@link org.ringcert.daemon.alert.AlertLoop}.
 */
@NullMarked
package org.ringcert.daemon.alert;

import org.jspecify.annotations.NullMarked;
