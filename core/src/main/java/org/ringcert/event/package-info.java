/** What happens in a node, told to whoever wants to know: {@link org.ringcert.event.NodeListener}. */
@NullMarked
package org.ringcert.event;

import org.jspecify.annotations.NullMarked;
