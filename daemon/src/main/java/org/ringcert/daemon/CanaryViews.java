package org.ringcert.daemon;

import java.time.InstantSource;
import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.canary.CertificateTests;
import org.ringcert.daemon.canary.DnsLeaders;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.process.CommandRunner;
import org.ringcert.dns.DnsResolver;
import org.ringcert.renew.CanaryView;
import org.ringcert.store.Store;
import org.ringcert.view.visitor.VisitorView;

/** Derives from a configuration how renewed certificates are tested. */
final class CanaryViews {

    private CanaryViews() {}

    /** Returns the view from a node. It does nothing until it is used. */
    static CanaryView of(
            Configuration configuration,
            HostName self,
            Store store,
            VisitorView visitorView,
            DnsResolver dns,
            InstantSource clock) {
        List<HostName> nodes = VisitorViews.nodes(configuration);
        return new CertificateTests(
                self,
                nodes,
                VisitorViews.targets(configuration),
                new DnsLeaders(nodes, dns),
                visitorView,
                () -> VisitorViews.trust(configuration),
                configuration.check().canary(),
                new CommandRunner("The [check] canary command", store.certificates(), CommandRunner.TIME_LIMIT),
                clock);
    }
}
