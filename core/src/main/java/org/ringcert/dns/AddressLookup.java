package org.ringcert.dns;

import java.net.InetAddress;
import java.util.List;

/** The result of a lookup of the addresses of one family. */
public sealed interface AddressLookup {

    /** The name has these addresses, in the order of the response; at least one. */
    record Found(List<InetAddress> addresses) implements AddressLookup {
        public Found {
            addresses = List.copyOf(addresses);
        }
    }

    /** The name has no address of this family. In what a peer reports, the name may also not exist. */
    record None() implements AddressLookup {}

    /** The name does not exist, or is an alias of one that does not (NXDOMAIN, RFC 8020). */
    record NoSuchName() implements AddressLookup {}

    /**
     * The DNS server gave no usable response.
     *
     * @param reason what happened, half a sentence such as "SERVFAIL" or "no response within 3 s"
     */
    record Failed(String reason) implements AddressLookup {}

    /** Returns the addresses; empty if there are none or the lookup failed. */
    default List<InetAddress> found() {
        return this instanceof Found(List<InetAddress> addresses) ? addresses : List.of();
    }
}
