package org.ringcert.daemon.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.FakeCa;
import org.ringcert.issue.ManualClock;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.TestIssuer;
import org.ringcert.plan.Layout;
import org.ringcert.plan.Limit;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.Limits;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.PlannedSite;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.plan.Turn;
import org.ringcert.store.CertificateName;
import org.ringcert.store.IssueHistory;
import org.ringcert.store.IssueRecord;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.view.visitor.TlsObservation;
import org.ringcert.view.visitor.VisitorTarget;

/** Turns in a cluster whose servers have a unique name each, and what is remembered of it. */
class UniqueNameTurnsTest {

    private static final Site SITE = new Site(List.of(new HostName("www.example.org")));
    private static final CertificateName NAME = CertificateName.first(SITE.name());
    private static final List<HostName> NODES = IntStream.range(0, 4)
            .mapToObj(node -> new HostName("web" + node + ".example.org"))
            .toList();
    private static final int SELF = 2;
    private static final Duration INTERVAL = Duration.ofHours(84);
    private static final Limit TWO = new Limit(LimitKind.CERTIFICATES_PER_NAME_SET, 2, INTERVAL);
    private static final CertificateSpec SPEC = new CertificateSpec(
            SITE,
            NAME,
            List.of(new CertificateSpec.Source(FakeCa.DIRECTORY, KeyType.EC256, Optional.empty())),
            Optional.of(uniqueName(SELF)));

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();
    private final TestIssuer issuer = new TestIssuer(clock.instant());
    private final Map<HostName, X509Certificate> presented = new HashMap<>();
    private Store store;

    @BeforeEach
    void open() throws Exception {
        store = Store.open(folder.resolve("store"), clock);
    }

    private static HostName uniqueName(int node) {
        return new HostName("web" + node + ".www.example.org");
    }

    private static List<HostName> names(int node) {
        return Stream.concat(SITE.names().stream(), Stream.of(uniqueName(node))).toList();
    }

    private Optional<Turn> turn(CertificateSpec spec) {
        PlannedSite site = new PlannedSite(
                SITE.name(),
                List.of(NAME),
                IntStream.range(0, NODES.size())
                        .mapToObj(node -> NameSet.of(names(node)))
                        .toList());
        return new ClusterTurns(
                        new ClusterTurns.Parts(
                                NODES.get(SELF),
                                new Layout(NODES, List.of(site)),
                                Map.of(SITE.name(), site),
                                _ -> new Limits(List.of(TWO), Duration.ZERO),
                                _ -> RenewalLimit.EXEMPT,
                                _ -> new HostName("example.org"),
                                _ -> NODES.stream()
                                        .map(node -> new VisitorTarget(SITE, Optional.empty(), node, node.value(), 443))
                                        .toList(),
                                new PeerLooks(this::look, clock),
                                new PassingLooks(clock),
                                new LeaderLookups(NODES, _ -> Set.of(), clock),
                                new PeerRecalls(List.of(), clock)),
                        store)
                .pendingTurn(spec, SPEC.preferredSource(), clock.instant());
    }

    private TlsObservation look(VisitorTarget target) {
        return Optional.ofNullable(presented.get(target.node()))
                .<TlsObservation>map(leaf -> new TlsObservation.Served(List.of(leaf), Optional.empty()))
                .orElseGet(() ->
                        new TlsObservation.NoCertificate(TlsObservation.Obstacle.REFUSED, "the connection is refused"));
    }

    private List<X509Certificate> chain(KeyPair key, List<HostName> names) {
        Instant notBefore = in(Duration.ofHours(-1));
        return issuer.chain(key.getPublic().getEncoded(), names, notBefore, notBefore.plus(Duration.ofDays(90)));
    }

    private void presents(int node, List<HostName> names) {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        presented.put(NODES.get(node), chain(key, names).getFirst());
    }

    private Instant in(Duration duration) {
        return clock.instant().plus(duration);
    }

    private static IssueRecord.Subject subject(HostName node, List<HostName> names) {
        return new IssueRecord.Subject(FakeCa.DIRECTORY, node, NAME, names);
    }

    @Test
    void nobodySharesTheNamesOfAServer() {
        assertThat(turn(SPEC)).isEmpty();
    }

    @Test
    void withoutTheUniqueNameAllServersShareTheNamesAndOrderOneAfterTheOther() {
        Turn turn = turn(SPEC.withoutUniqueName()).orElseThrow();

        assertThat(turn.at()).isBetween(in(INTERVAL), in(INTERVAL.plusHours(8)));
        clock.move(Duration.ofHours(20));
        assertThat(turn(SPEC.withoutUniqueName()).orElseThrow().at())
                .as("after a restart")
                .isEqualTo(turn.at());
    }

    @Test
    void whoHasACertificateWithItsUniqueNameOrdersNoOther() {
        presents(0, names(0));
        presents(1, names(1));

        assertThat(turn(SPEC.withoutUniqueName())).isEmpty();
    }

    @Test
    void certificatesWithoutTheUniqueNameCount() {
        presents(0, SITE.names());
        presents(1, SITE.names());

        assertThat(turn(SPEC.withoutUniqueName()).orElseThrow().at()).isAfter(in(INTERVAL.minusHours(2)));
    }

    @Test
    void anOwnCertificateWithTheUniqueNameIsKnown() throws Exception {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        store.install(
                NAME,
                key,
                chain(key, names(SELF)),
                new Origin.IssuedByCa(
                        FakeCa.DIRECTORY,
                        Optional.empty(),
                        Optional.empty(),
                        SITE.names(),
                        Optional.of(uniqueName(SELF)),
                        Optional.empty()));

        turn(SPEC);

        IssueHistory own = store.plan().read().history(subject(NODES.get(SELF), names(SELF)));
        assertThat(own.missedSince()).isEmpty();
        assertThat(own.issued()).containsExactly(in(Duration.ofHours(-1)));
    }

    private IssueRecord record(String node, int daysAgo, int daysLeft) {
        return new IssueRecord(
                subject(new HostName(node), SITE.names()),
                IssueHistory.UNKNOWN.has(in(Duration.ofDays(-daysAgo)), in(Duration.ofDays(daysLeft))));
    }

    @Test
    void whatNoLimitCountsAnyMoreIsForgottenOfServersThatTheFileNoLongerHas() throws Exception {
        IssueRecord counted = record("old0.example.org", 6, -1);
        IssueRecord valid = record("old1.example.org", 80, 10);
        IssueRecord planned = record("web0.example.org", 100, -10);
        IssueRecord missed = new IssueRecord(
                subject(new HostName("old2.example.org"), SITE.names()),
                IssueHistory.UNKNOWN.misses(in(Duration.ofDays(-8))));
        store.plan()
                .update(records -> records.with(List.of(
                        counted,
                        valid,
                        planned,
                        missed,
                        record("old3.example.org", 8, -1),
                        record("old4.example.org", 401, 9_000))));

        turn(SPEC);

        assertThat(store.plan().read().issues().values())
                .filteredOn(record -> record.subject().names().equals(SITE.names()))
                .containsExactlyInAnyOrder(counted, valid, planned);
    }

    @Test
    void aPeerThatPresentsAnotherCertificateAtEachLookDoesNotFillTheFile() throws Exception {
        for (int look = 0; look < 30; look++) {
            clock.move(Duration.ofMinutes(1));
            presents(1, names(1));
            presents(0, List.of(SITE.name(), new HostName("n" + look + ".example.org")));
            turn(SPEC.withoutUniqueName());
        }

        assertThat(store.plan().read().issues()).hasSizeLessThanOrEqualTo(2 * NODES.size());
        assertThat(store.plan().read().issues().values())
                .allMatch(record -> record.history().issued().size() <= 10);
    }
}
