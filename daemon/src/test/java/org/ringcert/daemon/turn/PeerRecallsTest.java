package org.ringcert.daemon.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.CertificateId;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CaFaults;
import org.ringcert.issue.FakeCa;
import org.ringcert.issue.ManualClock;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.pki.TestIssuer;

class PeerRecallsTest {

    private static final URI CA = FakeCa.DIRECTORY;
    private static final List<HostName> NAMES = List.of(new HostName("www.example.org"));

    private final ManualClock clock = new ManualClock();
    private final TestIssuer issuer = new TestIssuer(clock.instant());
    private final FakeCa ca = new FakeCa(clock);
    private final FakeCa other = new FakeCa(clock, URI.create("https://other.example.net/dir"));
    private final PeerRecalls recalls = new PeerRecalls(List.of(other, ca), clock);
    private final X509Certificate certificate = certificate();

    @BeforeEach
    void offerRenewalInformation() {
        suggest(Duration.ofDays(30));
        other.renewalInfo = ca.renewalInfo;
    }

    private X509Certificate certificate() {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        return issuer.chain(key.getPublic().getEncoded(), NAMES, in(Duration.ofDays(-20)), in(Duration.ofDays(70)))
                .getFirst();
    }

    private Instant in(Duration duration) {
        return clock.instant().plus(duration);
    }

    /** Makes the CA suggest a window of half an hour. */
    private void suggest(Duration end) {
        RenewalInfo info = new RenewalInfo(in(end.minusMinutes(30)), in(end), Optional.empty(), Optional.empty());
        ca.renewalInfo = Optional.of(_ -> info);
    }

    private boolean isRecalled() {
        return recalls.isRecalled(CA, certificate, clock.instant());
    }

    @Test
    void aWindowInThePastIsARecallAndOneInTheFutureIsNot() {
        assertThat(isRecalled()).isFalse();
        suggest(Duration.ofMinutes(-30));
        clock.move(Duration.ofMinutes(10));

        assertThat(isRecalled()).isTrue();
    }

    @Test
    void asksTheCaOnceInTenMinutes() {
        recalls.ask(CA, List.of(certificate, certificate));
        isRecalled();
        clock.move(Duration.ofMinutes(10).minusSeconds(1));
        isRecalled();
        assertThat(ca.calls)
                .containsExactly("renewalInfo " + CertificateId.of(certificate).orElseThrow());

        clock.move(Duration.ofSeconds(1));
        isRecalled();

        assertThat(ca.calls).hasSize(2);
        assertThat(other.calls).isEmpty();
    }

    @Test
    void noAnswerIsNoRecallAndIsNotAskedForAgainAtOnce() {
        suggest(Duration.ofMinutes(-30));
        ca.beforeCall = CaFaults.failOn("renewalInfo", Kind.UNREACHABLE);

        assertThat(isRecalled()).isFalse();
        assertThat(isRecalled()).isFalse();

        assertThat(ca.count("renewalInfo")).isEqualTo(1);
    }

    @Test
    void aCaThatIsNotConfiguredIsNotAsked() {
        assertThat(recalls.isRecalled(URI.create("https://ca.example.com/dir"), certificate, clock.instant()))
                .isFalse();
        assertThat(ca.calls).isEmpty();
    }

    @Test
    void aCertificateThatHasNoIdentifierIsNotAskedAbout() {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        X509Certificate selfSigned =
                SelfSignedCertificate.create(key, NAMES, in(Duration.ofDays(-1)), in(Duration.ofDays(365)));

        assertThat(recalls.isRecalled(CA, selfSigned, clock.instant())).isFalse();
        assertThat(recalls.isRecalled(CA, issuer.withSerialNumberOf(300), clock.instant()))
                .as("a peer may present anything")
                .isFalse();

        assertThat(ca.calls).isEmpty();
    }

    /** A peer that presents another certificate at each look does not fill the memory. */
    @Test
    void forgetsAnswersThatAreNotUsedAnyMore() {
        List<X509Certificate> many =
                IntStream.range(0, 40).mapToObj(_ -> certificate()).toList();
        recalls.ask(CA, many);
        assertThat(ca.count("renewalInfo")).isEqualTo(40);
        assertThat(recalls.kept()).isEqualTo(40);

        clock.move(Duration.ofMinutes(10));
        recalls.ask(CA, List.of(certificate));

        assertThat(recalls.kept()).isEqualTo(1);
    }
}
