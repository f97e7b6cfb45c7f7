package org.ringcert.daemon.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.http.HostResolver;
import org.ringcert.issue.ManualClock;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.TestAuthority;
import org.ringcert.view.visitor.CaStanding;
import org.ringcert.view.visitor.ChainTrust;
import org.ringcert.view.visitor.InstalledCertificates;
import org.ringcert.view.visitor.TlsObservation;
import org.ringcert.view.visitor.VisitorTarget;
import org.ringcert.view.visitor.VisitorView;

/** Looks at real servers. */
class PeerLooksTest {

    private static final Site WWW = new Site(List.of(new HostName("www.example.org")));
    private static final Site SHOP = new Site(List.of(new HostName("shop.example.org")));
    private static final HostName WEB1 = new HostName("web1.example.org");
    private static final HostName WEB2 = new HostName("web2.example.org");

    private final ManualClock clock = new ManualClock();
    private final TestAuthority ca = TestAuthority.root("Example Root", clock.instant());
    private final KeyPair key = KeyType.EC256.generate(new SecureRandom());
    private final VisitorView view = new VisitorView(
            new HostName("web0.example.org"),
            new HostResolver(),
            clock,
            ChainTrust.of(List.of(ca.certificate())),
            CaStanding.PUBLIC,
            InstalledCertificates.NONE,
            Duration.ofMinutes(1));
    private final AtomicInteger looked = new AtomicInteger();
    private final CountDownLatch looking = new CountDownLatch(1);
    private final PeerLooks looks = new PeerLooks(this::look, clock);
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private TlsObservation look(VisitorTarget target) {
        looked.incrementAndGet();
        looking.countDown();
        return view.observe(target);
    }

    private X509Certificate leaf(Site site) {
        return ca.leaf(
                key.getPublic(), site.names(), clock.instant(), clock.instant().plus(Duration.ofDays(90)));
    }

    private TlsPeer serve(X509Certificate leaf) throws Exception {
        TlsPeer peer = TlsPeer.start(key, leaf);
        opened.add(peer);
        return peer;
    }

    /** Returns the port of a server that accepts connections and says nothing. */
    private int silentPort() throws Exception {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        opened.add(socket);
        return socket.getLocalPort();
    }

    private static int closedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static VisitorTarget target(Site site, HostName node, int port) {
        return new VisitorTarget(
                site, Optional.empty(), node, InetAddress.getLoopbackAddress().getHostAddress(), port);
    }

    @Test
    void showsWhatEachServerPresentsInTheOrderOfTheTargets() throws Exception {
        X509Certificate first = leaf(WWW);
        X509Certificate second = leaf(SHOP);

        List<SeenCertificate> seen = looks.look(List.of(
                target(WWW, new HostName("web3.example.org"), closedPort()),
                target(SHOP, WEB2, serve(second).port()),
                target(WWW, WEB1, serve(first).port())));

        assertThat(seen).extracting(SeenCertificate::isReachable).containsExactly(false, true, true);
        assertThat(seen)
                .extracting(SeenCertificate::leaf)
                .containsExactly(Optional.empty(), Optional.of(second), Optional.of(first));
    }

    @Test
    void looksAgainWithinAMinuteAndNotAtOnce() throws Exception {
        TlsPeer server = serve(leaf(WWW));
        VisitorTarget target = target(WWW, WEB1, server.port());
        List<SeenCertificate> seen = looks.look(List.of(target));

        clock.move(Duration.ofSeconds(50));
        assertThat(looks.look(List.of(target))).isEqualTo(seen);
        assertThat(server.visits()).isEqualTo(1);

        clock.move(Duration.ofSeconds(1));
        assertThat(looks.look(List.of(target)).getFirst().at()).isEqualTo(clock.instant());
        assertThat(server.visits()).isEqualTo(2);
    }

    @Test
    void looksAgainAfterTheClockWasSetBack() throws Exception {
        TlsPeer server = serve(leaf(WWW));
        looks.look(List.of(target(WWW, WEB1, server.port())));

        clock.move(Duration.ofHours(-1));
        looks.look(List.of(target(WWW, WEB1, server.port())));

        assertThat(server.visits()).isEqualTo(2);
    }

    @Test
    void seesThatAServerHasBegunToListen() throws Exception {
        int port = closedPort();
        assertThat(looks.look(List.of(target(WWW, WEB1, port)))).singleElement().matches(seen -> !seen.isReachable());
        X509Certificate leaf = leaf(WWW);
        int opensLater = serve(leaf).port();

        clock.move(Duration.ofMinutes(1));

        assertThat(looks.look(List.of(target(WWW, WEB1, opensLater))).getFirst().leaf())
                .contains(leaf);
    }

    @Test
    void aDeadServerCostsOneLookForAllItsSites() throws Exception {
        int port = closedPort();
        looks.look(List.of(target(WWW, WEB1, port)));

        assertThat(looks.look(List.of(target(SHOP, WEB1, port))))
                .singleElement()
                .matches(seen -> !seen.isReachable());

        assertThat(looked).hasValue(1);
    }

    @Test
    void aCertificateOfAnotherKindIsNotSeenButItsServerIs() throws Exception {
        int port = serve(leaf(WWW)).port();
        VisitorTarget rsa = new VisitorTarget(
                WWW,
                Optional.of(KeyAlgorithm.RSA),
                WEB1,
                InetAddress.getLoopbackAddress().getHostAddress(),
                port);

        assertThat(looks.look(List.of(rsa)))
                .singleElement()
                .matches(seen -> seen.isReachable() && seen.leaf().isEmpty());
    }

    /** Whatever peers present: what is old is dropped at the next look. */
    @Test
    void forgetsWhatIsNotRecent() throws Exception {
        looks.look(List.of(target(WWW, WEB1, serve(leaf(WWW)).port()), target(SHOP, WEB2, closedPort())));
        assertThat(looks.remembered()).isEqualTo(3);

        clock.move(Duration.ofSeconds(51));
        looks.look(List.of());

        assertThat(looks.remembered()).isZero();
    }

    @Test
    void anInterruptEndsALookAndIsPreserved() throws Exception {
        VisitorTarget silent = target(WWW, WEB1, silentPort());
        CompletableFuture<Boolean> wasInterrupted = new CompletableFuture<>();
        CompletableFuture<List<SeenCertificate>> seen = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            seen.complete(looks.look(List.of(silent)));
            wasInterrupted.complete(Thread.currentThread().isInterrupted());
        });
        looking.await();

        thread.interrupt();

        assertThat(seen.get()).singleElement().matches(each -> !each.isReachable());
        assertThat(wasInterrupted.get()).isTrue();
        thread.join();
        assertThat(looks.remembered()).isZero();
    }
}
