package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.ringcert.daemon.CaConnections;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.demo.LocalCluster;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.demo.TestCa;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.renew.RenewalMode;
import org.ringcert.renew.RenewalResult;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A testbed with a second Pebble behind the first, each behind a proxy that lets it misbehave. Both validate the same
 * sites.
 */
final class TwoCaTestbed implements AutoCloseable {

    /** The path of new orders at a Pebble. */
    static final String NEW_ORDER = "/order-plz";

    /** Longer than an hour, so that the next CA is asked in the same pass. */
    static final Duration LONG_WAIT = Duration.ofHours(2);

    private final Deque<Closeable> resources = new ArrayDeque<>();
    private final Testbed testbed;
    private final TestCa secondCa;
    private final CaProxy first;
    private final CaProxy second;

    /**
     * Starts both CAs. Only the first one is in the configuration.
     *
     * @param folder an empty directory for all files
     * @param firstOptions changes the default options of the first CA
     * @param secondOptions changes the default options of the second CA
     * @param sites the names of each site, separated by spaces
     */
    TwoCaTestbed(
            Path folder,
            UnaryOperator<PebbleOptions> firstOptions,
            UnaryOperator<PebbleOptions> secondOptions,
            int nodes,
            String... sites)
            throws Exception {
        PebbleRelease release = PebbleRelease.newestAvailable();
        try {
            testbed = Testbed.start(folder, release, firstOptions, nodes, sites);
            resources.push(testbed::close);
            PebbleOptions options = PebbleOptions.on(LocalCluster.loopback(nodes))
                    .withHttpPort(testbed.ca().httpPort());
            secondCa = TestCa.start(release.binaries(), secondOptions.apply(options));
            resources.push(secondCa::close);
            first = CaProxy.start(testbed.ca(), folder);
            resources.push(first::close);
            second = CaProxy.start(secondCa, folder);
            resources.push(second::close);
            first.replaceCaOf(testbed);
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** Starts both CAs with their default options, and configures both, for a single node. */
    static TwoCaTestbed start(Path folder, String... sites) throws Exception {
        TwoCaTestbed cas = new TwoCaTestbed(folder, UnaryOperator.identity(), UnaryOperator.identity(), 1, sites);
        cas.second.addTo(cas.testbed);
        return cas;
    }

    Testbed testbed() {
        return testbed;
    }

    CaProxy first() {
        return first;
    }

    CaProxy second() {
        return second;
    }

    TestCa secondCa() {
        return secondCa;
    }

    /** Returns how many orders each CA has got, the first one first. */
    List<Integer> orders() throws Exception {
        return List.of(CaLog.of(testbed.ca()).orders(), CaLog.of(secondCa).orders());
    }

    /** Lets the first CA refuse new orders, for longer than an hour. */
    void refuseOrdersAtTheFirst() {
        first.refuse(NEW_ORDER, 429, "rateLimited", LONG_WAIT);
    }

    /** Returns the first node's certificate, after checking that the first CA has issued it. */
    X509Certificate verifiedFromFirst(int site) throws Exception {
        return verified(testbed.ca(), first.directory(), site);
    }

    /** Returns the first node's certificate, after checking that the second CA has issued it. */
    X509Certificate verifiedFromSecond(int site) throws Exception {
        return verified(secondCa, second.directory(), site);
    }

    private X509Certificate verified(TestCa ca, URI directory, int site) throws Exception {
        CertificateVersion version = StoredVersion.current(testbed, 0, site);
        assertThat(version.origin())
                .isInstanceOfSatisfying(
                        Origin.IssuedByCa.class,
                        issued -> assertThat(issued.directory()).isEqualTo(directory));
        return Certificates.verified(ca, testbed, 0, site);
    }

    /** Returns the output of {@code ringcert status --json} of the first node. */
    JsonNode status(int expectedStatus) throws Exception {
        return JsonMapper.shared().readTree(testbed.runCommand(0, expectedStatus, "status", "--json"));
    }

    /**
     * Runs a pass of the first node for each duration, with a clock that is that far behind. Nothing answers challenges
     * meanwhile.
     */
    List<RenewalResult> passesWithClocksBehind(Duration... durations) throws Exception {
        List<RenewalResult> results = new ArrayList<>();
        for (Duration behind : durations) {
            LocalNode node = new LocalNode(
                    ConfigurationLoader.load(testbed.cluster().configuration())
                            .withStore(testbed.cluster().store(0)),
                    testbed.cluster().node(0),
                    Clock.offset(Clock.systemUTC(), behind.negated()));
            try (CaConnections connections = node.connectToCas()) {
                results.addAll(
                        node.renewals(connections, IssuanceListener.NONE).pass(node.specs(), RenewalMode.DUE_ONLY));
            }
        }
        return results;
    }

    @Override
    public void close() throws IOException {
        while (!resources.isEmpty()) {
            resources.pop().close();
        }
    }
}
