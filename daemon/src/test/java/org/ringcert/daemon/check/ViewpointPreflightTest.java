package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ringcert.daemon.check.ForecastTest.accepted;
import static org.ringcert.daemon.check.ForecastTest.at;
import static org.ringcert.daemon.check.ForecastTest.refused;
import static org.ringcert.daemon.check.ForecastTest.undecided;
import static org.ringcert.daemon.check.ForecastTest.view;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
import org.ringcert.dns.CaaRecord;
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

class ViewpointPreflightTest {

    private static final String ADDRESS = "192.0.2.1";
    private static final CertificateSpec.Source SOURCE =
            new CertificateSpec.Source(URI.create("https://ca.example.net/dir"), KeyType.EC256, Optional.empty());

    private static final DnsResolver NO_RECORDS = new DnsResolver() {
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
    private Path folder;

    private Challenges challenges;
    private final List<HostName> seenFromHere = new CopyOnWriteArrayList<>();
    private final List<HostName> seenFromPeers = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws StoreException {
        challenges =
                new Challenges(Store.open(folder.resolve("store"), Clock.systemUTC()), List.of(), Clock.systemUTC());
    }

    private static CertificateSpec spec(int names) {
        List<HostName> all = IntStream.range(0, names)
                .mapToObj(i -> new HostName("name" + i + ".example.org"))
                .toList();
        return new CertificateSpec(new Site(all), List.of(SOURCE));
    }

    private static NameView well(HostName name) {
        return view(name, at(ADDRESS, accepted()));
    }

    private static NameView dead(HostName name) {
        return view(name, at(ADDRESS, refused()));
    }

    /** Sees what a function returns, if the probe is published in memory and as a file. */
    private NameObserver here(Function<HostName, NameView> view) {
        return (name, probe, _, _) -> {
            assertThat(challenges.findInMemory(probe.token())).contains(probe);
            assertThat(folder.resolve("store/challenges").resolve(probe.token().value()))
                    .exists();
            seenFromHere.add(name);
            return view.apply(name);
        };
    }

    private Viewpoint peer(Function<HostName, ViewpointReply> reply) {
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

    private static PreflightViews views(NameObserver here, Viewpoint... peers) {
        return views(NO_RECORDS, here, peers);
    }

    private static PreflightViews views(DnsResolver dns, NameObserver here, Viewpoint... peers) {
        Node self = new Node(new HostName("web0.example.org"), "192.0.2.10", 80);
        return new PreflightViews(new Cluster(List.of(self), self.name()), dns, here, List.of(peers));
    }

    private static ViewpointReply seen(NameView view) {
        return new ViewpointReply.Seen(view);
    }

    private Result look(int names, BeforeOrder setting, NameObserver here, Viewpoint... peers) throws Exception {
        return look(names, setting, views(here, peers), Optional.empty(), Duration.ofMinutes(1));
    }

    private Result look(
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

    @Test
    void allNamesAreSeenFromHereAndNoPeerIsAskedIfAllIsWell() throws Exception {
        assertThat(look(3, BeforeOrder.POSTPONE, here(ViewpointPreflightTest::well), peer(name -> seen(well(name)))))
                .isEqualTo(new Result.Proceed());

        assertThat(seenFromHere)
                .containsExactlyInAnyOrderElementsOf(spec(3).site().names());
        assertThat(seenFromPeers).isEmpty();
    }

    @Test
    void nothingIsPublishedOrSeenIfItIsSwitchedOff() throws Exception {
        assertThat(look(1, BeforeOrder.OFF, here(ViewpointPreflightTest::dead))).isEqualTo(new Result.Proceed());

        assertThat(seenFromHere).isEmpty();
    }

    @Test
    void aPeerThatSucceedsIsEnoughWhereThisServerDoesNotSeeItself() throws Exception {
        assertThat(look(
                        1,
                        BeforeOrder.POSTPONE,
                        here(ViewpointPreflightTest::dead),
                        peer(_ -> new ViewpointReply.NoReply("no answer within 4 s")),
                        peer(name -> seen(well(name)))))
                .isEqualTo(new Result.Proceed());
    }

    @Test
    void postponesIfNobodySucceeds() throws Exception {
        Result result =
                look(1, BeforeOrder.POSTPONE, here(ViewpointPreflightTest::dead), peer(name -> seen(dead(name))));

        assertThat(result)
                .isEqualTo(new Result.Postpone("name0.example.org at 192.0.2.1: nothing answers."
                        + " The CA would say: Timeout during connect. Open port 80."));
    }

    @Test
    void peersThatCannotLookOrDoNotReplyDoNotCount() throws Exception {
        Result result = look(
                1,
                BeforeOrder.POSTPONE,
                here(ViewpointPreflightTest::dead),
                peer(_ -> new ViewpointReply.CannotLook("status 302")),
                peer(_ -> new ViewpointReply.NoReply("no answer within 4 s")));

        assertThat(result)
                .isInstanceOfSatisfying(
                        Result.Postpone.class,
                        postpone -> assertThat(postpone.reason()).contains("Open port 80.", "No other server"));
    }

    @Test
    void warnsAndOrdersIfSoConfigured() throws Exception {
        assertThat(look(1, BeforeOrder.WARN, here(ViewpointPreflightTest::dead)))
                .isInstanceOfSatisfying(
                        Result.ProceedWithWarning.class,
                        warning -> assertThat(warning.warning())
                                .contains("will probably fail", "Open port 80.", "`before-order` in [check]"));
    }

    @Test
    void warnsAndOrdersIfNobodyCouldTryAnAddress() throws Exception {
        NameObserver here = here(name -> view(name, at("2001:db8::1", undecided()), at(ADDRESS, accepted())));
        assertThat(look(1, BeforeOrder.POSTPONE, here, peer(_ -> new ViewpointReply.CannotLook("status 404"))))
                .isInstanceOfSatisfying(
                        Result.ProceedWithWarning.class,
                        warning -> assertThat(warning.warning()).contains("may fail", "Nobody could try"));
    }

    @Test
    void aHundredNamesBehindNatAreAllSeenFromAPeerFourAtATime() throws Exception {
        Set<String> tokens = ConcurrentHashMap.newKeySet();
        NameObserver here = here(ViewpointPreflightTest::dead);
        Viewpoint peer = peer(name -> seen(well(name)));
        Viewpoint notingPeer = new Viewpoint() {
            @Override
            public HostName node() {
                return peer.node();
            }

            @Override
            public ViewpointReply look(HostName name, KeyAuthorization probe) {
                tokens.add(probe.token().value());
                return peer.look(name, probe);
            }
        };

        assertThat(look(100, BeforeOrder.POSTPONE, here, notingPeer)).isEqualTo(new Result.Proceed());

        assertThat(seenFromPeers).hasSize(100);
        assertThat(tokens).hasSize(4);
    }

    @Test
    void silentPeersAreAskedAboutFourNamesOnly() throws Exception {
        NameObserver here = here(name -> view(name, at("2001:db8::1", undecided()), at(ADDRESS, accepted())));

        assertThat(look(100, BeforeOrder.POSTPONE, here, peer(_ -> new ViewpointReply.NoReply("silent"))))
                .isInstanceOfSatisfying(
                        Result.ProceedWithWarning.class,
                        warning -> assertThat(warning.warning()).hasSizeLessThan(1000));

        assertThat(seenFromPeers).hasSize(4);
    }

    @Test
    void aNameThatFailsEndsTheLookAndTheOthersAreCounted() throws Exception {
        assertThat(look(100, BeforeOrder.POSTPONE, here(ViewpointPreflightTest::dead), peer(name -> seen(dead(name)))))
                .isInstanceOfSatisfying(
                        Result.Postpone.class,
                        postpone -> assertThat(postpone.reason())
                                .startsWith("name0.example.org")
                                .doesNotContain("name1.example.org")
                                .endsWith(" At least 3 other names fail, too; `ringcert check` lists all problems."));

        assertThat(seenFromPeers).hasSize(4);
    }

    @Test
    void aBugInALookIsNotTakenForAVerdict() {
        assertThatThrownBy(() -> look(1, BeforeOrder.POSTPONE, (_, _, _, _) -> {
                    throw new IllegalStateException("unexpected");
                }))
                .hasRootCauseMessage("unexpected");
    }

    @Test
    void anInterruptEndsTheLook() throws Exception {
        CountDownLatch looking = new CountDownLatch(1);
        ViewpointPreflight preflight = new ViewpointPreflight(
                challenges,
                new SecureRandom(),
                views((name, _, _, _) -> {
                    looking.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return dead(name);
                }),
                _ -> Optional.empty(),
                _ -> BeforeOrder.POSTPONE);
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            preflight.look(spec(1), SOURCE);
            interrupted.add(Thread.currentThread().isInterrupted());
        });
        looking.await();

        thread.interrupt();
        thread.join();

        assertThat(interrupted).containsExactly(true);
        try (var files = Files.list(folder.resolve("store/challenges"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aStoreThatCannotBeWrittenIsLeftToTheOrderToReport() throws Exception {
        Files.delete(folder.resolve("store/challenges"));
        Files.writeString(folder.resolve("store/challenges"), "in the way");

        assertThat(new ViewpointPreflight(
                                challenges,
                                new SecureRandom(),
                                views(here(ViewpointPreflightTest::dead)),
                                _ -> Optional.empty(),
                                _ -> BeforeOrder.POSTPONE)
                        .look(spec(1), SOURCE))
                .isEqualTo(new Result.Proceed());
    }

    private static final Applicant APPLICANT = new Applicant(
            Set.of(new HostName("ca.example.net")), Optional.of(URI.create("https://ca.example.net/acct/1")));

    private static DnsResolver withCaa(Function<String, CaaLookup> caa) {
        return new DnsResolver() {
            @Override
            public HostAddresses addresses(HostName name) {
                return NO_RECORDS.addresses(name);
            }

            @Override
            public CaaLookup caa(String domain) {
                return caa.apply(domain);
            }
        };
    }

    private static CaaLookup records(String domain, String value) {
        return new CaaLookup.Found(
                domain.equals("example.org") ? List.of(new CaaRecord(0, "issue", value)) : List.of());
    }

    private Result lookAtCaa(DnsResolver dns, Optional<Applicant> applicant, BeforeOrder setting) throws Exception {
        return look(3, setting, views(dns, here(ViewpointPreflightTest::well)), applicant, Duration.ofMinutes(1));
    }

    @Test
    void postponesIfTheZoneExcludesTheCaOrTheAccount() throws Exception {
        for (String value : List.of("other.example", "ca.example.net; accounturi=https://ca.example.net/acct/2")) {
            assertThat(lookAtCaa(
                            withCaa(domain -> records(domain, value)), Optional.of(APPLICANT), BeforeOrder.POSTPONE))
                    .isInstanceOfSatisfying(
                            Result.Postpone.class,
                            postpone -> assertThat(postpone.reason())
                                    .startsWith("name0.example.org: the CAA records of example.org do not allow ")
                                    .contains(
                                            "The CA would say: CAA record for example.org prevents issuance.",
                                            "Add this"));
        }
        assertThat(lookAtCaa(withCaa(domain -> records(domain, ";")), Optional.of(APPLICANT), BeforeOrder.WARN))
                .isInstanceOf(Result.ProceedWithWarning.class);
    }

    @Test
    void ordersIfTheZoneAllowsTheAccountAndAsksForEachDomainOnce() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        DnsResolver dns = withCaa(domain -> {
            asked.add(domain);
            return records(domain, "ca.example.net; accounturi=https://ca.example.net/acct/1");
        });
        assertThat(lookAtCaa(dns, Optional.of(APPLICANT), BeforeOrder.POSTPONE)).isEqualTo(new Result.Proceed());
        assertThat(asked)
                .containsExactlyInAnyOrder(
                        "name0.example.org", "name1.example.org", "name2.example.org", "example.org");
    }

    @Test
    void asksForNoCaaRecordsIfTheNameOfTheCaInThemIsNotKnown() throws Exception {
        DnsResolver dns = withCaa(domain -> {
            throw new AssertionError(domain);
        });
        assertThat(lookAtCaa(dns, Optional.empty(), BeforeOrder.POSTPONE)).isEqualTo(new Result.Proceed());
        assertThat(lookAtCaa(dns, Optional.of(new Applicant(Set.of(), Optional.empty())), BeforeOrder.POSTPONE))
                .isEqualTo(new Result.Proceed());
    }

    @Test
    void bothReasonsAreNamedIfValidationFailsAsWell() throws Exception {
        PreflightViews views = views(withCaa(domain -> records(domain, ";")), here(ViewpointPreflightTest::dead));
        assertThat(look(1, BeforeOrder.POSTPONE, views, Optional.of(APPLICANT), Duration.ofMinutes(1)))
                .isInstanceOfSatisfying(
                        Result.Postpone.class,
                        postpone -> assertThat(postpone.reason())
                                .contains("nothing answers", "the CAA records of example.org"));
    }

    @Test
    void doesNotWaitForCaaRecordsLongerThanTheLookMayTake() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        DnsResolver silent = withCaa(_ -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return new CaaLookup.Failed("the lookup was interrupted");
        });
        PreflightViews views = views(silent, here(ViewpointPreflightTest::well));
        assertThat(look(1, BeforeOrder.POSTPONE, views, Optional.of(APPLICANT), Duration.ofMillis(10)))
                .isEqualTo(new Result.Proceed());
        interrupted.await();
    }
}
