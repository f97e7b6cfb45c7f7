/** Integration tests with nodes as processes and a real CA. */
@NullMarked
package org.ringcert.it;

import org.jspecify.annotations.NullMarked;
