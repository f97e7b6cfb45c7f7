/** A server as its visitors see it, by https. One entry: {@link org.ringcert.view.visitor.Visitor}. */
package org.ringcert.view.visitor;
