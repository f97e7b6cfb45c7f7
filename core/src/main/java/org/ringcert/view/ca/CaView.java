package org.ringcert.view.ca;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;

/** Looks at names as a CA does, at each of their published addresses. Thread-safe; methods block. */
public final class CaView {

    private final DnsResolver dns;
    private final Walker walker;

    /** @param dns asked anew for each request */
    public CaView(DnsResolver dns, ValidationRules rules) {
        this.dns = dns;
        this.walker = new Walker(dns, rules);
    }

    /**
     * Looks at a name. Never fails; an interrupt ends the look soon and is preserved.
     *
     * @param probe what a node of the cluster has published and what a CA must get
     * @param timeout for the whole look; what has not been seen by then is missing, and the view is not complete
     */
    public NameView look(HostName name, KeyAuthorization probe, Entry entry, Duration timeout) {
        HostAddresses addresses = dns.addresses(name);
        List<AddressView> views = new ArrayList<>();
        for (InetAddress address : addresses.all()) {
            views.add(new AddressView(
                    address, walker.walkFrom(name, address, entry, probe, timeout), new HttpsView.NotSeen()));
        }
        return new NameView(name, addresses, views, List.of(), List.of(), true);
    }
}
