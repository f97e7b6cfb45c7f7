package org.ringcert.view.ca;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;

/**
 * Where some requests of a walk are sent, whatever the DNS says. Immutable.
 *
 * @param address the address
 * @param hosts the hosts of all requests that are sent there; empty if only the first request is
 * @param isPublished whether the DNS leads CAs to the address, so that it must be one that they use
 */
record FixedAddress(InetAddress address, Set<String> hosts, boolean isPublished) {

    FixedAddress {
        hosts = Set.copyOf(hosts);
    }

    /** One of the addresses that the DNS has for the first host. Later requests go where the DNS says. */
    static FixedAddress ofFirstRequest(InetAddress address) {
        return new FixedAddress(address, Set.of(), true);
    }

    /** A server to which these names will lead. CAs need not reach it at this address. */
    static FixedAddress ofServer(InetAddress address, Set<HostName> names) {
        return new FixedAddress(address, names.stream().map(HostName::value).collect(Collectors.toSet()), false);
    }

    /** Returns the address if a request is sent there. */
    Optional<InetAddress> forRequest(Target target, boolean isFirst) {
        boolean applies = isFirst || hosts.contains(target.host().text());
        return applies ? Optional.of(address) : Optional.empty();
    }
}
