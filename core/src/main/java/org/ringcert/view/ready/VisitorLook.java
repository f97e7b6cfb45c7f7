package org.ringcert.view.ready;

import org.ringcert.cluster.HostName;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.VisitorTarget;

/** Looks at what visitors get. Thread-safe. Blocks for a few seconds at most; an interrupt ends the look. */
@FunctionalInterface
public interface VisitorLook {

    /**
     * Looks once.
     *
     * @param name the name of the site that the visitor asks for; web servers may choose another certificate for each
     */
    Cell look(VisitorTarget target, HostName name);
}
