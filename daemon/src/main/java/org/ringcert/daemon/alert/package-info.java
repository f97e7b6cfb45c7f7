/** Tells a person what needs one: once when it begins, and once when it ends. */
@NullMarked
package org.ringcert.daemon.alert;

import org.jspecify.annotations.NullMarked;
