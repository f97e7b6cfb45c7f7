/** Upgrades from 0.1.0 and back, with the archive of 0.1.0 and a real CA. */
@NullMarked
package org.ringcert.it.upgrade;

import org.jspecify.annotations.NullMarked;
