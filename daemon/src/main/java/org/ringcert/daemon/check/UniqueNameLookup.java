package org.ringcert.daemon.check;

import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.HostAddresses;

/** What the DNS says of a unique name. */
final class UniqueNameLookup {

    private UniqueNameLookup() {}

    /** Returns why a CA cannot find the name, and what to do, in sentences; empty if the name has an address. */
    static Optional<String> problem(HostName uniqueName, HostAddresses addresses) {
        if (!addresses.all().isEmpty()) {
            return Optional.empty();
        }
        return Stream.of(addresses.ipv4(), addresses.ipv6())
                .filter(AddressLookup.Failed.class::isInstance)
                .map(lookup -> ((AddressLookup.Failed) lookup).reason())
                .findFirst()
                .map(reason -> "The DNS did not tell the addresses of " + uniqueName + ": " + reason + ". "
                        + remedy(uniqueName))
                .or(() -> Optional.of(uniqueName + " has no address in the DNS. " + remedy(uniqueName)));
    }

    static String remedy(HostName uniqueName) {
        String parent =
                uniqueName.value().substring(uniqueName.firstLabel().length()).replaceFirst("^\\.", "");
        return "One wildcard record beside the site is enough: *." + parent + ", with the addresses of the site.";
    }
}
