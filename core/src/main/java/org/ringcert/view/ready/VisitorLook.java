package org.ringcert.view.ready;

import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.VisitorTarget;

/** Looks at what visitors get. Thread-safe. Blocks for a few seconds at most; an interrupt ends the look. */
@FunctionalInterface
public interface VisitorLook {

    Cell look(VisitorTarget target);
}
