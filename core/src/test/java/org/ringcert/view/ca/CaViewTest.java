package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.view.ca.Walk.Verdict;

class CaViewTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final InetAddress DEAD = InetAddress.ofLiteral("127.0.0.77");

    private WalkLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new WalkLab();
        lab.server.respond(request -> WalkLab.ok());
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    private NameView look(Duration timeout) {
        return new CaView(lab.dns(), lab.rules(), WalkLab.internet())
                .look(WalkLab.SITE, WalkLab.ANSWER, Entry.ANY_NODE, timeout);
    }

    /** Returns the problems of the name and of its walks. */
    private static List<Problem> failures(NameView view) {
        Stream<Problem> ofWalks = view.views().stream()
                .map(address -> address.walk().verdict())
                .flatMap(verdict ->
                        verdict instanceof Verdict.Refused(Problem problem) ? Stream.of(problem) : Stream.empty());
        return Stream.concat(view.problems().stream(), ofWalks).toList();
    }

    @Test
    void looksAtAnAddressAndItsHttps() throws IOException {
        try (RawServer https = RawServer.start(TlsServer.listen())) {
            https.handle(RawServer::readHead);
            lab.httpsPort = https.port();
            NameView view = look(LONG);
            assertThat(view.complete()).isTrue();
            assertThat(failures(view)).isEmpty();
            assertThat(view.warnings()).isEmpty();
            AddressView address = view.views().getFirst();
            assertThat(address.walk().verdict()).isEqualTo(new Verdict.Accepted(WalkLab.ANSWER));
            assertThat(address.https()).isInstanceOfSatisfying(HttpsView.Certificate.class, certificate -> {
                assertThat(certificate.notAfter()).isEqualTo("2020-02-01T00:00:00Z");
                assertThat(certificate.selfSigned()).isTrue();
                assertThat(certificate.matchesName()).isFalse();
                assertThat(certificate.serial()).matches("[0-9a-f]+");
            });
        }
    }

    @Test
    void saysWhyThereIsNoCertificate() {
        lab.httpsPort = 1;
        assertThat(look(LONG).views().getFirst().https()).isEqualTo(new HttpsView.None("the connection is refused"));
    }

    @Test
    void entersAtTheHolderAlone() {
        lab.httpsPort = 1;
        new CaView(lab.dns(), lab.rules(), WalkLab.internet())
                .look(WalkLab.SITE, WalkLab.ANSWER, Entry.HOLDER_ONLY, LONG);
        assertThat(lab.server.targets()).containsExactly(WalkLab.ANSWER.token().path() + "?left=");
    }

    @Test
    void theLocalViewpointProvesItsOwnName() {
        lab.httpsPort = 1;
        CaView view = new CaView(lab.dns(), lab.rules(), WalkLab.internet());
        HostName other = new HostName("web1.example.org");
        lab.publish(other, WalkLab.LOOPBACK);
        LocalViewpoint viewpoint = new LocalViewpoint(WalkLab.SITE, view, LONG);
        viewpoint.look(other, WalkLab.ANSWER);
        assertThat(viewpoint.look(WalkLab.SITE, WalkLab.ANSWER)).isInstanceOf(ViewpointReply.Seen.class);
        assertThat(lab.server.targets())
                .containsExactly(
                        WalkLab.ANSWER.token().path(), WalkLab.ANSWER.token().path() + "?left=");
    }

    @Test
    void rule8EachIpv4AddressMustWorkIfThereIsNoIpv6() {
        lab.publish(WalkLab.SITE, WalkLab.LOOPBACK, DEAD);
        NameView view = look(LONG);
        assertThat(view.views()).extracting(AddressView::address).containsExactly(WalkLab.LOOPBACK, DEAD);
        assertThat(failures(view)).singleElement().satisfies(problem -> {
            assertThat(problem.rule()).isEqualTo(Rule.EVERY_ADDRESS);
            assertThat(problem.what()).contains("127.0.0.77");
        });
    }

    @Test
    void rule8EachAddressOfBothFamiliesIsVisited() {
        lab.publish(WalkLab.SITE, WalkLab.LOOPBACK, WalkLab.IPV6_LOOPBACK);
        NameView view = look(LONG);
        assertThat(view.views())
                .extracting(AddressView::address)
                .containsExactly(WalkLab.IPV6_LOOPBACK, WalkLab.LOOPBACK);
        // No walk falls back to the other family.
        assertThat(failures(view)).extracting(Problem::rule).containsExactly(Rule.IPV6_FIRST);
        assertThat(view.views().getLast().walk().isAccepted()).isTrue();
        assertThat(view.views()).extracting(view::isUsedByCas).containsExactly(true, false);
    }

    @Test
    void rule8CasUseIpv4IfThereIsNoIpv6() {
        NameView view = look(LONG);
        assertThat(view.views()).extracting(view::isUsedByCas).containsExactly(true);
    }

    @Test
    void aFamilyWithoutARouteIsNoFailure() {
        lab.publish(WalkLab.SITE, WalkLab.LOOPBACK, WalkLab.WITHOUT_ROUTE);
        NameView view = look(LONG);
        assertThat(failures(view)).isEmpty();
        assertThat(view.views().getFirst().walk().verdict()).isInstanceOf(Verdict.Undecided.class);
    }

    @Test
    void aNameWithoutAddressesIsAProblem() {
        AddressLookup none = new AddressLookup.None();
        lab.publish(WalkLab.SITE, none, new AddressLookup.Failed("SERVFAIL"));
        NameView view = look(LONG);
        assertThat(failures(view)).extracting(Problem::rule).containsExactly(Rule.DNS);
        assertThat(view.views()).isEmpty();
        assertThat(view.complete()).isTrue();
    }

    @Test
    void aFailedLookupOfOneFamilyIsAWarning() {
        lab.publish(
                WalkLab.SITE, new AddressLookup.Found(List.of(WalkLab.LOOPBACK)), new AddressLookup.Failed("SERVFAIL"));
        NameView view = look(LONG);
        assertThat(failures(view)).isEmpty();
        assertThat(view.warnings()).extracting(Problem::rule).containsExactly(Rule.DNS);
    }

    @Test
    void visitsNoMoreThanSixteenAddresses() {
        InetAddress[] many = IntStream.rangeClosed(100, 120)
                .mapToObj(last -> InetAddress.ofLiteral("127.0.0." + last))
                .toArray(InetAddress[]::new);
        lab.publish(WalkLab.SITE, many);
        NameView view = look(LONG);
        assertThat(view.views()).hasSize(CaView.MAX_ADDRESSES);
        assertThat(view.complete()).isFalse();
    }

    @Test
    void aSilentServerIsAFindingWithinTheTimeout() {
        lab.server.handle(socket -> socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream()));
        lab.httpsPort = 1;
        NameView view = look(Deadline.FAIR_TIME.plusMillis(900));
        assertThat(failures(view)).extracting(Problem::rule).containsExactly(Rule.TIME);
    }

    @Test
    void anInterruptEndsALook() throws Exception {
        CountDownLatch requested = new CountDownLatch(1);
        lab.server.handle(socket -> {
            RawServer.readHead(socket);
            requested.countDown();
            socket.getInputStream().read();
        });
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            assertThat(look(LONG).complete()).isFalse();
            return Thread.currentThread().isInterrupted();
        });
        Thread looker = Thread.ofVirtual().start(task);
        assertThat(requested.await(60, TimeUnit.SECONDS)).isTrue();
        looker.interrupt();
        assertThat(task.get(60, TimeUnit.SECONDS)).isTrue();
    }
}
