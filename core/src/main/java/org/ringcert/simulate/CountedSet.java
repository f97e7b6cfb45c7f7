package org.ringcert.simulate;

import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.plan.NameSet;

/** What the model CA counts for one exact set of names. Confined to one thread. */
final class CountedSet {

    /** Earlier than anything that happens. */
    private static final long BEFORE_ALL = Long.MIN_VALUE / 2;

    private final NameSet names;
    private final List<HostName> registeredDomains;
    private final Bucket certificates;
    private long lastIssued = BEFORE_ALL;

    CountedSet(NameSet names, List<HostName> registeredDomains, Bucket certificates) {
        this.names = names;
        this.registeredDomains = List.copyOf(registeredDomains);
        this.certificates = certificates;
    }

    NameSet names() {
        return names;
    }

    List<HostName> registeredDomains() {
        return registeredDomains;
    }

    /** Returns the bucket of the certificates with exactly these names. */
    Bucket certificates() {
        return certificates;
    }

    /** Returns when the latest certificate with these names was issued, to any account. */
    long lastIssued() {
        return lastIssued;
    }

    void issued(long now) {
        lastIssued = now;
    }
}
