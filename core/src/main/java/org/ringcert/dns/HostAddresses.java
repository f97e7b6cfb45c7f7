package org.ringcert.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/** The addresses of a host, with each family looked up on its own. */
public record HostAddresses(AddressLookup ipv4, AddressLookup ipv6) {

    /** Returns all addresses, IPv6 first, as CAs prefer it. */
    public List<InetAddress> all() {
        return Stream.concat(ipv6.found().stream(), ipv4.found().stream()).toList();
    }
}
