/**
 * A server as visitors of its sites see it, over https. The entry point is
 * {@link org.ringcert.view.visitor.VisitorView}.
 */
@NullMarked
package org.ringcert.view.visitor;

import org.jspecify.annotations.NullMarked;
