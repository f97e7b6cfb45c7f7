/** Malformed and malicious requests to other web servers, for comparison. */
@NullMarked
package org.ringcert.it.hostile;

import org.jspecify.annotations.NullMarked;
