/** Whole servers that leave another ACME program behind. */
@NullMarked
package org.ringcert.it.migration;

import org.jspecify.annotations.NullMarked;
