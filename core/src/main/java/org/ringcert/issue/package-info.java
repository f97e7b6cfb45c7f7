/** Issues one certificate: from the order at the CA to the files in the store. */
@NullMarked
package org.ringcert.issue;

import org.jspecify.annotations.NullMarked;
