package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.check.TraceReport.TracedWalk;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.dns.DnsResolver;
import org.ringcert.view.ca.Entry;
import org.ringcert.view.ca.ValidationRules;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walker;

/** Walks as a CA does, from a name or a URL. Thread-safe. */
public final class Tracer {

    private final HostName self;
    private final DnsResolver dns;
    private final Walker walker;

    /** @param self the name of this node */
    public Tracer(HostName self, DnsResolver dns, ValidationRules rules) {
        this.self = self;
        this.dns = dns;
        this.walker = new Walker(dns, rules);
    }

    /**
     * Walks from each published address of a name at the same time.
     *
     * @param probe what this node has published, which is the expected answer
     * @param front who answers challenges on this server
     * @param configuration says which other names the site has
     */
    public TraceReport trace(HostName name, KeyAuthorization probe, FrontState front, Configuration configuration)
            throws InterruptedException {
        Entry entry = name.equals(self) ? Entry.HOLDER_ONLY : Entry.ANY_NODE;
        List<InetAddress> addresses = dns.addresses(name).all();
        List<Callable<TracedWalk>> walks = addresses.stream()
                .<Callable<TracedWalk>>map(address -> () -> new TracedWalk(
                        TraceText.start(name, address),
                        walker.walkFrom(name, address, entry, probe, ValidationRules.MAX_TIME)))
                .toList();
        List<TracedWalk> traced = walks.isEmpty()
                ? List.of(new TracedWalk(name.value(), walker.walk(name, probe, ValidationRules.MAX_TIME)))
                : ParallelTasks.run(walks);
        return new TraceReport(self, name.value(), traced, notes(name, front, configuration));
    }

    private static List<String> notes(HostName name, FrontState front, Configuration configuration) {
        List<String> notes = new ArrayList<>();
        if (front instanceof FrontState.ThisCommand) {
            notes.add("No daemon runs on this server; this command has answered while it looked.");
        }
        if (front instanceof FrontState.OtherStore) {
            notes.add("The daemon on this server does not find what this command publishes: it uses another store or"
                    + " configuration.");
        }
        Optional<Site> site = configuration.site(name);
        if (site.isPresent() && site.get().names().size() > 1) {
            List<HostName> others = site.get().names().stream()
                    .filter(other -> !other.equals(name))
                    .toList();
            notes.add("The certificate also has " + Shown.list(others) + "; `ringcert check " + site.get()
                    + "` looks at all names.");
        }
        return notes;
    }

    /** Walks from a URL as a CA does from a redirect to it. */
    public TraceReport trace(URI url) {
        Walk walk = walker.trace(url, ValidationRules.MAX_TIME);
        return new TraceReport(self, url.toString(), List.of(new TracedWalk(url.toString(), walk)), List.of());
    }
}
