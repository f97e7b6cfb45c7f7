/** Tests of the first steps: the documents for new clusters, and {@code ringcert setup}. */
@NullMarked
package org.ringcert.it.first;

import org.jspecify.annotations.NullMarked;
