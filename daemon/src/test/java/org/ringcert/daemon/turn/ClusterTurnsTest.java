package org.ringcert.daemon.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.RateLimitSubject;
import org.ringcert.acme.RenewalInfo;
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
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.IssueHistory;
import org.ringcert.store.IssueRecord;
import org.ringcert.store.Origin;
import org.ringcert.store.Revocation;
import org.ringcert.store.Store;
import org.ringcert.view.visitor.TlsObservation;
import org.ringcert.view.visitor.VisitorTarget;

/** Tests which turns a node computes from its store and from what its peers present. */
class ClusterTurnsTest {

    private static final Site SITE = new Site(List.of(new HostName("www.example.org")));
    private static final CertificateName NAME = CertificateName.first(SITE.name());
    private static final List<HostName> NODES = IntStream.range(0, 4)
            .mapToObj(node -> new HostName("web" + node + ".example.org"))
            .toList();
    private static final HostName SELF = NODES.get(2);
    private static final CertificateSpec SPEC = new CertificateSpec(
            SITE, List.of(new CertificateSpec.Source(FakeCa.DIRECTORY, KeyType.EC256, Optional.empty())));
    private static final Duration INTERVAL = Duration.ofHours(40);
    private static final Limit TWO = new Limit(LimitKind.CERTIFICATES_PER_NAME_SET, 2, INTERVAL);
    private static final Limit DOMAIN =
            new Limit(LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN, 50, Duration.ofHours(3));

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();
    private final TestIssuer issuer = new TestIssuer(clock.instant());
    private final FakeCa ca = new FakeCa(clock);
    private final Map<HostName, TlsObservation> presented = new HashMap<>();
    private final PassingLooks passing = new PassingLooks(clock);
    private final List<HostName> looks = new CopyOnWriteArrayList<>();
    private Limits limits = new Limits(List.of(TWO), Duration.ZERO);
    private Set<HostName> leaders = Set.of();
    private Store store;

    @BeforeEach
    void open() throws Exception {
        store = Store.open(folder.resolve("store"), clock);
    }

    /** Returns what a process computes that has just been started. */
    private ClusterTurns turns() {
        Layout layout = new Layout(
                NODES,
                List.of(new PlannedSite(
                        SITE.name(),
                        List.of(NAME),
                        NODES.stream().map(_ -> NameSet.of(SITE.names())).toList())));
        return new ClusterTurns(
                new ClusterTurns.Parts(
                        SELF,
                        layout,
                        layout.sites().stream().collect(Collectors.toMap(PlannedSite::name, Function.identity())),
                        _ -> limits,
                        _ -> RenewalLimit.EXEMPT,
                        _ -> new HostName("example.org"),
                        _ -> NODES.stream()
                                .map(node -> new VisitorTarget(SITE, Optional.empty(), node, node.value(), 443))
                                .toList(),
                        new PeerLooks(this::look, clock),
                        passing,
                        new LeaderLookups(NODES, _ -> leaders, clock),
                        new PeerRecalls(List.of(ca), clock)),
                store);
    }

    private TlsObservation look(VisitorTarget target) {
        looks.add(target.node());
        return presented.getOrDefault(
                target.node(),
                new TlsObservation.NoCertificate(TlsObservation.Obstacle.REFUSED, "the connection is refused"));
    }

    private Optional<Turn> turn() {
        return turns().pendingTurn(SPEC, SPEC.preferredSource(), clock.instant());
    }

    private X509Certificate leaf(Instant notBefore, HostName... names) {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        return issuer.chain(
                        key.getPublic().getEncoded(), List.of(names), notBefore, notBefore.plus(Duration.ofDays(90)))
                .getFirst();
    }

    private void presents(int node, X509Certificate leaf) {
        presented.put(NODES.get(node), new TlsObservation.Served(List.of(leaf), Optional.empty()));
    }

    private CertificateVersion install(Instant notBefore) throws Exception {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        return store.install(
                NAME,
                key,
                issuer.chain(
                        key.getPublic().getEncoded(), SITE.names(), notBefore, notBefore.plus(Duration.ofDays(90))),
                new Origin.IssuedByCa(FakeCa.DIRECTORY, Optional.empty(), Optional.empty()));
    }

    private Instant in(Duration duration) {
        return clock.instant().plus(duration);
    }

    @Test
    void aPeerThatWasNeverSeenCountsAsOneOrder() {
        Turn turn = turn().orElseThrow();

        assertThat(turn.at()).isBetween(in(INTERVAL), in(INTERVAL.plusHours(5)));
        assertThat(turn.reason()).isInstanceOf(Turn.Reason.WithinLimit.class);
        assertThat(looks).hasSize(3).doesNotContain(SELF);
    }

    @Test
    void nothingIsLookedAtForACaWithoutLimits() {
        limits = Limits.NONE;

        assertThat(turn()).isEmpty();
        assertThat(looks).isEmpty();
    }

    @Test
    void theTurnIsTheSameAfterARestart() {
        Turn turn = turn().orElseThrow();
        clock.move(Duration.ofHours(20));

        assertThat(turn().orElseThrow().at()).isEqualTo(turn.at());
        clock.set(turn.at());
        assertThat(turn()).isEmpty();
    }

    @Test
    void whatPeersPresentIsCounted() {
        presents(0, leaf(in(Duration.ofDays(-20)), SITE.name()));
        presents(1, leaf(in(Duration.ofDays(-10)), SITE.name()));

        assertThat(turn()).isEmpty();
    }

    @Test
    void whatPeersPresentIsCountedOnceHoweverOftenItIsSeen() {
        presents(0, leaf(in(Duration.ofHours(-1)), SITE.name()));
        presents(1, leaf(in(Duration.ofDays(-20)), SITE.name()));
        presents(3, leaf(in(Duration.ofDays(-20)), SITE.name()));
        assertThat(turn()).isEmpty();
        clock.move(Duration.ofMinutes(1));

        assertThat(turn()).as("one of two tokens is left").isEmpty();
    }

    @Test
    void aPeerThatIsDownForAMomentStillHasItsCertificate() {
        presents(0, leaf(in(Duration.ofDays(-20)), SITE.name()));
        presents(1, leaf(in(Duration.ofHours(-30)), SITE.name()));
        presents(3, leaf(in(Duration.ofHours(-30)), SITE.name()));
        Turn turn = turn().orElseThrow();
        presented.clear();
        clock.move(Duration.ofMinutes(1));

        assertThat(turn().orElseThrow().at()).isEqualTo(turn.at());
    }

    @Test
    void anotherSetAnotherCaAndASelfSignedCertificateAreNotSeen() throws Exception {
        presents(0, leaf(in(Duration.ofDays(-20)), SITE.name(), new HostName("shop.example.org")));
        presents(1, issuer.issuedBy("another CA"));
        assertThat(turn()).isPresent();

        assertThat(store.plan().read().issues().values())
                .allSatisfy(record -> assertThat(record.history().missedSince()).contains(clock.instant()));
    }

    @Test
    void theNodeToWhichTheNameLeadsGoesFirst() {
        leaders = Set.of(SELF);

        assertThat(turn()).isEmpty();
    }

    @Test
    void aNewSetIsOrderedByTheFirstNodeFirst() {
        limits = new Limits(List.of(TWO, DOMAIN), Duration.ZERO);

        assertThat(turn().orElseThrow().reason()).isNotInstanceOf(Turn.Reason.AtOnce.class);
        leaders = Set.of(NODES.get(3));
        clock.move(Duration.ofMinutes(1));
        Turn turn = turn().orElseThrow();
        assertThat(turn.reason()).isInstanceOf(Turn.Reason.WithinLimit.class);
    }

    @Test
    void aRefusalIsPutIntoThePlanOverARestart() {
        presents(0, leaf(in(Duration.ofDays(-20)), SITE.name()));
        presents(1, leaf(in(Duration.ofDays(-20)), SITE.name()));
        Instant until = in(Duration.ofHours(34));
        turns().onRefusal(
                        SPEC,
                        SPEC.preferredSource(),
                        new RateLimitSubject.ExactNames(),
                        clock.instant(),
                        until,
                        "too many certificates (5)");

        clock.move(Duration.ofHours(1));

        // Each node has a moment of its own after a refusal.
        Turn turn = turn().orElseThrow();
        assertThat(turn.at()).isBetween(until, until.plus(Duration.ofMinutes(10)));
        assertThat(turn.reason()).isInstanceOf(Turn.Reason.AfterRefusal.class);
        clock.set(turn.at());
        assertThat(turn()).isEmpty();
    }

    @Test
    void aRefusalOfWhatIsNotPlannedIsNoneOfThePlan() throws Exception {
        turns().onRefusal(
                        SPEC,
                        SPEC.preferredSource(),
                        new RateLimitSubject.Other(),
                        clock.instant(),
                        in(Duration.ofHours(1)),
                        "too many failed authorizations (5)");

        assertThat(store.plan().read().refusals()).isEmpty();
    }

    @Test
    void afterAMassRevocationTheCaIsAskedAboutThePeersCertificates() throws Exception {
        X509Certificate[] peers = new X509Certificate[NODES.size()];
        for (int node : new int[] {0, 1, 3}) {
            peers[node] = leaf(in(Duration.ofDays(-20)), SITE.name());
            presents(node, peers[node]);
        }
        store.saveRevocation(
                install(in(Duration.ofDays(-20))),
                Optional.of(new Revocation("keyCompromise", clock.instant(), Revocation.State.CONFIRMED)));
        List<Object> asked = new CopyOnWriteArrayList<>();
        ca.renewalInfo = Optional.of(id -> {
            asked.add(id);
            return new RenewalInfo(
                    in(Duration.ofHours(-1)), in(Duration.ofMinutes(-30)), Optional.empty(), Optional.empty());
        });

        Turn turn = turn().orElseThrow();

        assertThat(asked).hasSize(3);
        assertThat(turn.at()).isBetween(in(INTERVAL), in(INTERVAL.plusHours(5)));
        leaders = Set.of(SELF);
        clock.move(Duration.ofMinutes(1));
        assertThat(turn()).isEmpty();
    }

    @Test
    void ownCertificatesThatWereReplacedAreRemembered() throws Exception {
        presents(0, leaf(in(Duration.ofDays(-20)), SITE.name()));
        presents(1, leaf(in(Duration.ofDays(-20)), SITE.name()));
        presents(3, leaf(in(Duration.ofDays(-20)), SITE.name()));
        install(in(Duration.ofHours(-2)));
        store.saveRevocation(
                install(in(Duration.ofHours(-1))),
                Optional.of(new Revocation("superseded", clock.instant(), Revocation.State.CONFIRMED)));

        assertThat(turn().orElseThrow().at()).isAfter(in(Duration.ofHours(37)));

        IssueHistory own = store.plan()
                .read()
                .history(new IssueRecord.Subject(URI.create(FakeCa.DIRECTORY.toString()), SELF, NAME, SITE.names()));
        assertThat(own.issued()).hasSize(2);
    }

    @Test
    void whatAPeerHasReplacedShortlyBeforeIsCountedIfItWasSeenInPassing() {
        X509Certificate replaced = leaf(in(Duration.ofHours(-30)), SITE.name());
        X509Certificate current = leaf(in(Duration.ofHours(-1)), SITE.name());
        for (int node : new int[] {0, 3}) {
            presents(node, leaf(in(Duration.ofDays(-20)), SITE.name()));
        }
        presents(1, current);
        assertThat(turn()).isEmpty();

        VisitorTarget target = new VisitorTarget(SITE, Optional.empty(), NODES.get(1), "web1.example.org", 443);
        for (X509Certificate leaf : List.of(replaced, replaced, current)) {
            passing.add(target, new TlsObservation.Served(List.of(leaf), Optional.empty()));
        }

        assertThat(turn().orElseThrow().at()).isAfter(in(Duration.ofHours(9)));
        passing.add(target, new TlsObservation.NoCertificate(TlsObservation.Obstacle.REFUSED, "down"));
        presented.remove(NODES.get(1));
        assertThat(turn()).as("a peer that is down now").isPresent();
    }
}
