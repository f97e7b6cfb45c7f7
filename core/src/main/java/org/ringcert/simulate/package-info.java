/**
 * Years of a cluster in a minute: the decisions of all nodes on a virtual clock, against a model of a CA with its
 * limits.
 */
@NullMarked
package org.ringcert.simulate;

import org.jspecify.annotations.NullMarked;
