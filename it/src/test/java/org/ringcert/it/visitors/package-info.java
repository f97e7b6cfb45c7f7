/** Tests of what visitors see: at servers behind balancers, during moves, and while certificates cannot be renewed. */
@NullMarked
package org.ringcert.it.visitors;

import org.jspecify.annotations.NullMarked;
