/** The cluster as a CA sees it. The entry point is {@link org.ringcert.view.ca.Walker}. */
@NullMarked
package org.ringcert.view.ca;

import org.jspecify.annotations.NullMarked;
