/** Peers look for each other: the request on the wire, who serves it, and who asks. */
@NullMarked
package org.ringcert.view.look;

import org.jspecify.annotations.NullMarked;
