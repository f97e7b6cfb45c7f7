/** Tests of the archive's units under systemd. */
@NullMarked
package org.ringcert.it.systemd;

import org.jspecify.annotations.NullMarked;
