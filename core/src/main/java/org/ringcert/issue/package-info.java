/** One certificate, from order to store. */
@NullMarked
package org.ringcert.issue;

import org.jspecify.annotations.NullMarked;
