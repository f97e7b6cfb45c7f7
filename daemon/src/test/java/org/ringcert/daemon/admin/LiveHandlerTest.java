package org.ringcert.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;
import org.ringcert.handoff.PeerClient;
import org.ringcert.handoff.PeerReply;
import org.ringcert.issue.ManualClock;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.ServedCertificate;
import org.ringcert.view.visitor.Sight;
import org.ringcert.view.visitor.SightTargets;
import org.ringcert.view.visitor.VisitorTarget;

class LiveHandlerTest {

    private static final Site SITE = new Site(List.of(new HostName("www.example.org"), new HostName("example.org")));
    private static final HostName SELF = new HostName("web0.example.org");
    private static final PeerClient NO_PEERS = new PeerClient() {
        @Override
        public PeerReply ask(Node peer, Token token) {
            throw new AssertionError("there are no peers");
        }

        @Override
        public boolean isUp(Node peer) {
            throw new AssertionError("there are no peers");
        }
    };

    private final ManualClock clock = new ManualClock();
    private final Instant notAfter = clock.instant().plus(Duration.ofSeconds(5));
    private final AtomicInteger looks = new AtomicInteger();
    private List<Flaw> flaws = List.of();

    private LiveHandler handler(VisitorTarget... targets) {
        Sight sight = new Sight(new SightTargets(List.of(targets), List.of(), List.of()), this::look, NO_PEERS, clock);
        return new LiveHandler(
                name -> Optional.of(SITE).filter(site -> site.names().contains(name)), sight, clock);
    }

    private static VisitorTarget target(Optional<KeyAlgorithm> kind) {
        return new VisitorTarget(SITE, kind, SELF, "127.0.0.1", 443);
    }

    private Cell look(VisitorTarget target) {
        looks.incrementAndGet();
        Optional<ServedCertificate> certificate = target.kind().equals(Optional.of(KeyAlgorithm.RSA))
                ? Optional.empty()
                : Optional.of(new ServedCertificate("01", "R12", clock.instant().minusSeconds(60), notAfter));
        List<Flaw> seen = certificate.isEmpty()
                ? List.of(new Flaw(Flaw.Kind.KIND_MISSING, Flaw.Severity.FAILURE, "RSA is missing", ""))
                : flaws;
        return new Cell(target.key(), certificate, seen, clock.instant());
    }

    private static AdminResponse ask(LiveHandler handler, String site) throws InterruptedException {
        return handler.answer(new AdminRequest("/livez", Map.of("site", site)));
    }

    private static String text(AdminResponse response) {
        return response.status() + " " + new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void anyNameOfTheSiteIsAnswered() throws InterruptedException {
        LiveHandler handler = handler(target(Optional.empty()));

        assertThat(text(ask(handler, "www.example.org")))
                .isEqualTo("200 www.example.org: a certificate of R12, valid for another 5 s; seen 0 s ago\n");
        assertThat(text(ask(handler, "EXAMPLE.org"))).startsWith("200 example.org: ");
        assertThat(looks).hasValue(1);
    }

    @Test
    void aCertificateThatHasExpiredSinceTheLookFailsWithoutALook() throws InterruptedException {
        LiveHandler handler = handler(target(Optional.empty()));
        assertThat(ask(handler, "www.example.org").status()).isEqualTo(200);

        clock.move(Duration.ofSeconds(8));

        assertThat(text(ask(handler, "www.example.org")))
                .isEqualTo("503 www.example.org: the certificate expired 3 s ago; seen 8 s ago\n");
        assertThat(looks).hasValue(1);
    }

    @Test
    void eachReasonHasALine() throws InterruptedException {
        flaws = List.of(
                new Flaw(Flaw.Kind.SELF_SIGNED, Flaw.Severity.FAILURE, "the certificate is self-signed", ""),
                new Flaw(Flaw.Kind.WRONG_NAME, Flaw.Severity.FAILURE, "the certificate is not for example.org", ""),
                new Flaw(Flaw.Kind.OLDER_THAN_ON_DISK, Flaw.Severity.WARNING, "it is old", ""));

        assertThat(text(ask(handler(target(Optional.empty())), "www.example.org")))
                .isEqualTo("""
                503 www.example.org: the certificate is self-signed; seen 0 s ago
                www.example.org: the certificate is not for example.org; seen 0 s ago
                """);
    }

    @Test
    void aKindThatIsMissingIsNamedButDoesNotCount() throws InterruptedException {
        LiveHandler handler = handler(target(Optional.of(KeyAlgorithm.EC)), target(Optional.of(KeyAlgorithm.RSA)));

        assertThat(text(ask(handler, "www.example.org"))).isEqualTo("""
                200 www.example.org (EC): a certificate of R12, valid for another 5 s; seen 0 s ago
                www.example.org (RSA): RSA is missing; seen 0 s ago
                """);
    }

    @Test
    void questionsWithoutAConfiguredSiteAreRefusedWithoutRepeatingThem() throws InterruptedException {
        LiveHandler handler = handler(target(Optional.empty()));

        assertThat(text(handler.answer(new AdminRequest("/livez", Map.of())))).startsWith("400 which site?");
        assertThat(ask(handler, "").status()).isEqualTo(400);
        assertThat(text(ask(handler, "<script>"))).startsWith("400 ").doesNotContain("script");
        assertThat(text(ask(handler, "other.example.org"))).startsWith("404 ").doesNotContain("example.org");
        assertThat(looks).hasValue(0);
    }
}
