/** What a node answers when the CA asks it for a challenge: the decision, and the questions to its peers. */
@NullMarked
package org.ringcert.handoff;

import org.jspecify.annotations.NullMarked;
