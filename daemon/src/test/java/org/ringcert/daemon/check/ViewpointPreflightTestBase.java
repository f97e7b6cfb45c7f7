package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.daemon.check.ForecastTest.accepted;
import static org.ringcert.daemon.check.ForecastTest.at;
import static org.ringcert.daemon.check.ForecastTest.refused;
import static org.ringcert.daemon.check.ForecastTest.view;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.challenge.Challenges;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.BeforeOrder;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.CaaLookup;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.Preflight.Result;
import org.ringcert.pki.KeyType;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.view.ca.CaaPolicy.Applicant;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Viewpoint;
import org.ringcert.view.ca.ViewpointReply;
import org.ringcert.view.look.LookService.NameObserver;

/** Views of names from this server and from a peer, and a look that uses them. */
abstract class ViewpointPreflightTestBase {

    static final String ADDRESS = "192.0.2.1";
    static final CertificateSpec.Source SOURCE =
            new CertificateSpec.Source(URI.create("https://ca.example.net/dir"), KeyType.EC256, Optional.empty());

    static final DnsResolver NO_RECORDS = new DnsResolver() {
        @Override
        public HostAddresses addresses(HostName name) {
            return new HostAddresses(new AddressLookup.None(), new AddressLookup.None());
        }

        @Override
        public CaaLookup caa(String domain) {
            return new CaaLookup.Found(List.of());
        }
    };

    @TempDir
    Path folder;

    Challenges challenges;
    final List<HostName> seenFromHere = new CopyOnWriteArrayList<>();
    final List<HostName> seenFromPeers = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws StoreException {
        challenges =
                new Challenges(Store.open(folder.resolve("store"), Clock.systemUTC()), List.of(), Clock.systemUTC());
    }

    static CertificateSpec spec(int names) {
        List<HostName> all = IntStream.range(0, names)
                .mapToObj(i -> new HostName("name" + i + ".example.org"))
                .toList();
        return new CertificateSpec(new Site(all), List.of(SOURCE));
    }

    static NameView well(HostName name) {
        return view(name, at(ADDRESS, accepted()));
    }

    static NameView dead(HostName name) {
        return view(name, at(ADDRESS, refused()));
    }

    /** Sees what a function returns, if the probe is published in memory and as a file. */
    NameObserver here(Function<HostName, NameView> view) {
        return (name, probe, _, _) -> {
            assertThat(challenges.findInMemory(probe.token())).contains(probe);
            assertThat(folder.resolve("store/challenges").resolve(probe.token().value()))
                    .exists();
            seenFromHere.add(name);
            return view.apply(name);
        };
    }

    Viewpoint peer(Function<HostName, ViewpointReply> reply) {
        return new Viewpoint() {
            @Override
            public HostName node() {
                return new HostName("web1.example.org");
            }

            @Override
            public ViewpointReply look(HostName name, KeyAuthorization probe) {
                assertThat(challenges.findInMemory(probe.token())).contains(probe);
                seenFromPeers.add(name);
                return reply.apply(name);
            }
        };
    }

    static PreflightViews views(NameObserver here, Viewpoint... peers) {
        return views(NO_RECORDS, here, peers);
    }

    static PreflightViews views(DnsResolver dns, NameObserver here, Viewpoint... peers) {
        Node self = new Node(new HostName("web0.example.org"), "192.0.2.10", 80);
        return new PreflightViews(new Cluster(List.of(self), self.name()), dns, here, List.of(peers));
    }

    static ViewpointReply seen(NameView view) {
        return new ViewpointReply.Seen(view);
    }

    Result look(int names, BeforeOrder setting, NameObserver here, Viewpoint... peers) throws Exception {
        return look(names, setting, views(here, peers), Optional.empty(), Duration.ofMinutes(1));
    }

    Result look(
            int names, BeforeOrder setting, PreflightViews views, Optional<Applicant> applicant, Duration caaTimeout)
            throws Exception {
        Function<URI, BeforeOrder> settings = directory -> {
            assertThat(directory).isEqualTo(SOURCE.directory());
            return setting;
        };
        Result result = new ViewpointPreflight(
                        challenges, new SecureRandom(), views, _ -> applicant, settings, caaTimeout)
                .look(spec(names), SOURCE);
        try (var files = Files.list(folder.resolve("store/challenges"))) {
            assertThat(files).as("the probes are withdrawn").isEmpty();
        }
        return result;
    }
}
