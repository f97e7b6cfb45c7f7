/** A server as its visitors see it, by https. One entry: {@link org.ringcert.view.visitor.TlsObserver}. */
@NullMarked
package org.ringcert.view.visitor;

import org.jspecify.annotations.NullMarked;
