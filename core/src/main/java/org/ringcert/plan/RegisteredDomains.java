package org.ringcert.plan;

import org.ringcert.cluster.HostName;

/** Finds the registered domain of a name, by which a CA counts: one label more than its public suffix. Thread-safe. */
@FunctionalInterface
public interface RegisteredDomains {

    /** Returns the registered domain, or the name itself if it is a public suffix. */
    HostName of(HostName name);
}
