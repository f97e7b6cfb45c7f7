package org.ringcert.view.ca;

import java.net.InetAddress;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.PublicSuffixes;
import org.ringcert.dns.SpecialAddresses;

/** What belongs to the public Internet. Thread-safe. */
interface PublicInternet {

    /** Returns what an address is for, such as "a private address"; empty if it is an ordinary one. */
    Optional<String> specialPurpose(InetAddress address);

    /** Returns whether a name ends in a suffix of the public DNS. */
    boolean isPublic(HostName name);

    /** Returns what the registries of IANA and ICANN say. */
    static PublicInternet registries() {
        return new PublicInternet() {
            @Override
            public Optional<String> specialPurpose(InetAddress address) {
                return SpecialAddresses.purpose(address);
            }

            @Override
            public boolean isPublic(HostName name) {
                return PublicSuffixes.bundled().isPublic(name);
            }
        };
    }
}
