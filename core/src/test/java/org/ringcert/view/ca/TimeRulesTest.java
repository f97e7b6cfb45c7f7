package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.CaaLookup;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.Walk.Verdict;

/** Rule 9: whose time is up when a walk ends without an answer. */
class TimeRulesTest {

    private static final InetAddress FULL = InetAddress.ofLiteral("127.0.0.77");
    private static final Duration SHORT = Duration.ofMillis(300);

    /** Long enough for a fair judgement, even on a busy machine, and not the limit of CAs. */
    private static final Duration FAIR = Deadline.FAIR_TIME.plusMillis(900);

    private WalkLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new WalkLab();
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    private void acceptAndStaySilent() {
        lab.server.handle(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
    }

    private static Verdict.Undecided undecided(Walk walk) {
        assertThat(walk.verdict()).isInstanceOf(Verdict.Undecided.class);
        return (Verdict.Undecided) walk.verdict();
    }

    @Test
    void rule9AServerThatHadTimeIsSilent() {
        acceptAndStaySilent();
        Problem problem = WalkLab.refusal(lab.walk(FAIR));
        assertThat(problem.rule()).isEqualTo(Rule.TIME);
        assertThat(problem.what()).endsWith("accepts the connection, but gives no complete response for more than 2 s");
        assertThat(problem.caSays()).contains("Timeout after connect");
    }

    /** A look on a busy machine may reach the last server when its time is nearly up. */
    @Test
    void rule9AServerThatHadLittleTimeIsNotBlamed() {
        acceptAndStaySilent();
        Walk walk = lab.walk(SHORT);
        assertThat(undecided(walk).reason())
                .isEqualTo("the look ended before 127.0.0.1 port " + lab.port() + " answered");
        assertThat(undecided(walk).remedy()).contains("overloaded");
        assertThat(walk.hops()).hasSize(1);
    }

    @Test
    void rule9AServerThatHadLittleTimeFailsWhenCasGiveUp() {
        acceptAndStaySilent();
        Problem problem = WalkLab.refusal(lab.walkWithLimitOfCas(SHORT));
        assertThat(problem.rule()).isEqualTo(Rule.TIME);
        assertThat(problem.what())
                .isEqualTo("the walk takes more than 9 s: it ends before 127.0.0.1 port " + lab.port() + " answers");
        assertThat(problem.caSays()).contains("Timeout after connect");
    }

    @Test
    void rule9ASilentAddressLooksLikeAFirewall() throws IOException {
        // A backlog that is full: the kernel ignores further connections.
        try (ServerSocket full = new ServerSocket(lab.port(), 1, FULL)) {
            List<RawConnection> fillers = RawConnection.fill(full);
            lab.publish(WalkLab.SITE, FULL);
            Problem problem = WalkLab.refusal(lab.walk(FAIR));
            assertThat(problem.what())
                    .isEqualTo("127.0.0.77 port " + lab.port()
                            + " does not accept a connection: no answer for more than 2 s");
            assertThat(problem.caSays()).contains("Timeout during connect (likely firewall problem)");
            assertThat(problem.remedy()).contains("firewall");
            assertThat(undecided(lab.walk(SHORT)).reason()).contains("127.0.0.77 port " + lab.port());
            fillers.forEach(RawConnection::close);
        }
    }

    /** So the same dead address is one finding, whoever sees it and however long the look was. */
    @Test
    void rule9TheSameSilenceIsTheSameProblem() {
        acceptAndStaySilent();
        assertThat(WalkLab.refusal(lab.walk(FAIR))).isEqualTo(WalkLab.refusal(lab.walk(FAIR.plusMillis(600))));
    }

    @Test
    void rule9TheDnsThatHadTimeIsSilent() {
        Problem problem = WalkLab.refusal(walkWithSilentDns(Deadline.FAIR_TIME.plusMillis(400)));
        assertThat(problem.rule()).isEqualTo(Rule.TIME);
        assertThat(problem.what())
                .isEqualTo("the DNS gives no address for www.example.org: no answer for more than 2 s");
        assertThat(problem.caSays()).contains("query timed out");
    }

    @Test
    void rule9TheDnsThatHadLittleTimeIsNotBlamed() {
        assertThat(undecided(walkWithSilentDns(SHORT)).reason())
                .isEqualTo("the look ended before the lookup of www.example.org was done");
    }

    @Test
    void rule9ALookupThatWaitedForItsTurnIsNotTheFaultOfTheDns() {
        assertThat(undecided(walkWithSilentDns(DnsResolver.TIMEOUT.plusMillis(200)))
                        .reason())
                .contains("the lookup of www.example.org");
    }

    @Test
    void aLookThatEndsBeforeItsLookupIsIncomplete() {
        NameView view = new CaView(new SilentDns(), lab.rules(), WalkLab.internet())
                .look(WalkLab.SITE, WalkLab.ANSWER, Entry.ANY_NODE, SHORT);
        assertThat(view.problems()).isEmpty();
        assertThat(view.views()).isEmpty();
        assertThat(view.complete()).isFalse();
    }

    private Walk walkWithSilentDns(Duration timeout) {
        return new Walker(new SilentDns(), lab.rules(), WalkLab.internet()).walk(WalkLab.SITE, WalkLab.ANSWER, timeout);
    }

    /** Gives no answer until it is interrupted. */
    private static final class SilentDns implements DnsResolver {
        @Override
        public HostAddresses addresses(HostName name) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new HostAddresses(new AddressLookup.None(), new AddressLookup.None());
        }

        @Override
        public CaaLookup caa(String domain) {
            throw new AssertionError();
        }
    }
}
