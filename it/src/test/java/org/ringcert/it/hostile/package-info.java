/** What no honest client sends, to web servers of other makes. */
@NullMarked
package org.ringcert.it.hostile;

import org.jspecify.annotations.NullMarked;
