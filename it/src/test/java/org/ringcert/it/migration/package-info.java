/** Whole servers that move from another ACME program to Ringcert. */
@NullMarked
package org.ringcert.it.migration;

import org.jspecify.annotations.NullMarked;
