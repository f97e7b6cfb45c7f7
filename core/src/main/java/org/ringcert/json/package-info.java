/** Reads and writes JSON. */
@NullMarked
package org.ringcert.json;

import org.jspecify.annotations.NullMarked;
