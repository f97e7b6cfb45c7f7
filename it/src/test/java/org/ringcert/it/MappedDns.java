package org.ringcert.it;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.CaaLookup;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.ValidationRules;

/** A DNS in which each name has one address. */
public record MappedDns(Function<HostName, InetAddress> addressOf) implements DnsResolver {

    @Override
    public HostAddresses addresses(HostName name) {
        InetAddress address = addressOf.apply(name);
        AddressLookup found = new AddressLookup.Found(List.of(address));
        AddressLookup none = new AddressLookup.None();
        return address instanceof Inet6Address ? new HostAddresses(none, found) : new HostAddresses(found, none);
    }

    @Override
    public CaaLookup caa(String domain) {
        return new CaaLookup.Found(List.of());
    }

    /** Returns the rules of a private CA that validates on the given port. */
    public static ValidationRules privateCa(int port) {
        return new ValidationRules(ValidationRules.Strictness.PRIVATE_CA, port, 443, Set.of());
    }
}
