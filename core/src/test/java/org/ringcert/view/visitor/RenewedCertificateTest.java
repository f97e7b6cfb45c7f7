package org.ringcert.view.visitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.view.visitor.VisitorLab.BARE;
import static org.ringcert.view.visitor.VisitorLab.NOW;
import static org.ringcert.view.visitor.VisitorLab.SITE;
import static org.ringcert.view.visitor.VisitorLab.WWW;
import static org.ringcert.view.visitor.VisitorLab.ago;
import static org.ringcert.view.visitor.VisitorLab.in;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.pki.TestAuthority;
import org.ringcert.view.visitor.TlsObservation.Served;

/** Which renewed certificates clients refuse, judged by the one that they follow. */
class RenewedCertificateTest {

    private final VisitorLab lab = new VisitorLab();
    private final TestAuthority newRoot = TestAuthority.root("New Root", NOW);
    private final X509Certificate present = lab.leaf(ago(60), in(30));
    private final List<X509Certificate> presentChain = List.of(present, lab.intermediate.certificate());
    private final ChainTrust trust = ChainTrust.of(List.of(lab.root.certificate()));

    private RenewedCertificate renewed(X509Certificate... chain) {
        return renewed(Optional.empty(), chain);
    }

    private RenewedCertificate renewed(Optional<String> failure, X509Certificate... chain) {
        return new RenewedCertificate(SITE, Set.of(KeyType.EC256), new Served(List.of(chain), failure), presentChain);
    }

    private X509Certificate fromNewRoot() {
        return newRoot.leaf(lab.key.getPublic(), SITE.names(), ago(1), in(89));
    }

    @Test
    void acceptsACertificateLikeThePresentOne() {
        RenewedCertificate renewed = renewed(lab.leaf(ago(1), in(89)), lab.intermediate.certificate());

        assertThat(renewed.isNewer()).isTrue();
        assertThat(renewed.problem(trust, NOW)).isEmpty();
    }

    @Test
    void refusesAChainThatDoesNotVerifyWhileThePresentOneDoes() {
        assertThat(renewed(fromNewRoot()).problem(trust, NOW))
                .contains(
                        "its chain does not lead to a root that this system trusts, but ends at New Root; the chain of"
                                + " the present certificate does");
        assertThat(renewed(lab.leaf(ago(1), in(89))).problem(trust, NOW))
                .as("without its intermediate")
                .isPresent();
    }

    @Test
    void acceptsAChangedRootThatVerifies() {
        ChainTrust both = ChainTrust.of(List.of(lab.root.certificate(), newRoot.certificate()));

        assertThat(renewed(fromNewRoot()).problem(both, NOW)).isEmpty();
    }

    @Test
    void acceptsAnUnknownRootIfThePresentOneIsUnknownAsWell() {
        assertThat(renewed(fromNewRoot()).problem(ChainTrust.of(List.of()), NOW))
                .isEmpty();
    }

    @Test
    void refusesMissingNames() {
        X509Certificate incomplete = lab.intermediate.leaf(lab.key.getPublic(), List.of(WWW), ago(1), in(89));

        assertThat(renewed(incomplete, lab.intermediate.certificate()).problem(trust, NOW))
                .contains("it is not for " + BARE);
    }

    @Test
    void refusesDatesThatAreOverOrAhead() {
        assertThat(renewed(lab.leaf(ago(5), ago(1)), lab.intermediate.certificate())
                        .problem(trust, NOW))
                .contains("it expired at " + ago(1));
        assertThat(renewed(lab.leaf(in(1), in(90)), lab.intermediate.certificate())
                        .problem(trust, NOW))
                .contains("it is not valid before " + in(1));
    }

    @Test
    void toleratesAClockThatIsALittleBehind() {
        X509Certificate fresh = lab.leaf(NOW.plusSeconds(1800), in(90));

        assertThat(renewed(fresh, lab.intermediate.certificate()).problem(ChainTrust.of(List.of()), NOW))
                .isEmpty();
    }

    @Test
    void refusesAKeyOfAnotherTypeAndAKeyThatDoesNotFit() {
        X509Certificate rsa = lab.intermediate.leaf(
                KeyType.RSA2048.generate(new SecureRandom()).getPublic(), SITE.names(), ago(1), in(89));

        assertThat(renewed(rsa, lab.intermediate.certificate()).problem(trust, NOW))
                .contains("its key is of the type rsa2048, and the configuration says ec256");
        assertThat(renewed(Optional.of("bad signature"), lab.leaf(ago(1), in(89)), lab.intermediate.certificate())
                        .problem(trust, NOW))
                .hasValueSatisfying(reason -> assertThat(reason).contains("handshake fails", "bad signature"));
    }

    @Test
    void refusesACertificateThatIsNotForServers() {
        X509Certificate client =
                lab.intermediate.clientLeaf(lab.key.getPublic(), ago(1), in(89), WWW.value(), BARE.value());

        assertThat(renewed(client, lab.intermediate.certificate()).problem(ChainTrust.of(List.of()), NOW))
                .hasValueSatisfying(reason -> assertThat(reason).contains("not for web servers"));
    }

    @Test
    void saysNothingAboutOlderOtherOrSelfSignedCertificates() {
        HostName other = new HostName("other.example.net");

        assertThat(renewed(present).isNewer()).isFalse();
        assertThat(renewed(lab.leaf(ago(70), in(20))).isNewer()).isFalse();
        assertThat(renewed(lab.intermediate.leaf(lab.key.getPublic(), List.of(other), ago(1), in(89)))
                        .isNewer())
                .isFalse();
        assertThat(renewed(SelfSignedCertificate.create(lab.key, SITE.names(), ago(1), in(300)))
                        .isNewer())
                .isFalse();
    }
}
