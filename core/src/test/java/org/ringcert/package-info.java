/** The rules of the house. */
@NullMarked
package org.ringcert;

import org.jspecify.annotations.NullMarked;
