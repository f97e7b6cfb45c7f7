package org.ringcert.view.visitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.view.visitor.VisitorLab.NOW;
import static org.ringcert.view.visitor.VisitorLab.SITE;
import static org.ringcert.view.visitor.VisitorLab.ago;
import static org.ringcert.view.visitor.VisitorLab.in;

import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.TestAuthority;
import org.ringcert.view.visitor.Flaw.Kind;
import org.ringcert.view.visitor.Flaw.Severity;

/** Tests what is found out about the certificates that a server presents beside its own. */
@Timeout(60)
class VisitorChainTest {

    private final VisitorLab lab = new VisitorLab();
    private final X509Certificate leaf = lab.leaf();
    private final X509Certificate intermediate = lab.intermediate.certificate();

    private static void assertGood(Cell cell) {
        assertThat(cell.flaws()).isEmpty();
    }

    private static void assertFlaw(Cell cell, Kind kind, Severity severity, String text) {
        assertThat(cell.flaws()).singleElement().satisfies(flaw -> {
            assertThat(flaw.kind()).isEqualTo(kind);
            assertThat(flaw.severity()).isEqualTo(severity);
            assertThat(flaw.text()).contains(text);
        });
    }

    @Test
    void orderAndSuperfluousCertificatesDoNotMatter() throws Exception {
        X509Certificate unrelated = TestAuthority.root("Unrelated Root", NOW).certificate();

        assertGood(lab.lookAt(leaf, lab.root.certificate(), unrelated, intermediate));
        assertGood(lab.lookAt(leaf, leaf, intermediate, intermediate));
    }

    @Test
    void aLongChainIsFollowedInAnyOrder() throws Exception {
        TestAuthority lower = lab.intermediate.intermediate("Lower Intermediate");
        X509Certificate deep = lower.leaf(lab.key.getPublic(), SITE.names(), ago(10), in(80));

        assertGood(lab.lookAt(deep, intermediate, lower.certificate()));
        assertFlaw(
                lab.lookAt(deep, intermediate),
                Kind.CHAIN_INCOMPLETE,
                Severity.FAILURE,
                "the issuer, Lower Intermediate");
    }

    @Test
    void aPublicCaNeedsAnIntermediate() throws Exception {
        assertFlaw(lab.lookAt(leaf), Kind.CHAIN_INCOMPLETE, Severity.FAILURE, "the issuer, Example Intermediate");
    }

    @Test
    void aPrivateCaMayIssueByItsRoot() throws Exception {
        lab.standing = CaStanding.PRIVATE;
        X509Certificate direct = lab.root.leaf(lab.key.getPublic(), SITE.names(), ago(10), in(80));

        assertGood(lab.lookAt(direct));
        lab.trusted = List.of();
        assertFlaw(lab.lookAt(direct), Kind.ROOT_NOT_TRUSTED, Severity.WARNING, "Example Root");
    }

    @Test
    void theChainOnTheDiskTellsWhatIsMissing() throws Exception {
        lab.standing = CaStanding.PRIVATE;
        lab.trusted = List.of();
        assertFlaw(lab.lookAt(leaf), Kind.ROOT_NOT_TRUSTED, Severity.WARNING, "Example Intermediate");

        lab.onDisk = List.of(lab.leaf(), intermediate);
        assertFlaw(lab.lookAt(leaf), Kind.CHAIN_INCOMPLETE, Severity.WARNING, "Example Intermediate");
        assertFlaw(lab.lookAt(leaf, intermediate), Kind.ROOT_NOT_TRUSTED, Severity.WARNING, "Example Root");

        lab.standing = CaStanding.PUBLIC;
        lab.onDisk = List.of(lab.leaf(), intermediate, lab.root.certificate());
        assertFlaw(lab.lookAt(leaf, intermediate), Kind.CHAIN_INCOMPLETE, Severity.WARNING, "Example Root");
    }

    @Test
    void anUnknownRootIsNoIncompleteChain() throws Exception {
        lab.trusted = List.of(TestAuthority.root("Another Root", NOW).certificate());
        assertFlaw(lab.lookAt(leaf, intermediate), Kind.ROOT_NOT_TRUSTED, Severity.FAILURE, "Example Root");
        lab.onDisk = List.of(leaf, intermediate, lab.root.certificate());
        assertFlaw(
                lab.lookAt(leaf, intermediate, lab.root.certificate()),
                Kind.ROOT_NOT_TRUSTED,
                Severity.FAILURE,
                "Example Root");

        lab.onDisk = List.of();
        lab.standing = CaStanding.PRIVATE;
        assertFlaw(lab.lookAt(leaf, intermediate), Kind.ROOT_NOT_TRUSTED, Severity.WARNING, "Example Root");
    }

    @Test
    void aRootOfTheSameNameIsNotTheRoot() throws Exception {
        lab.trusted = List.of(TestAuthority.root("Example Root", NOW).certificate());

        assertFlaw(lab.lookAt(leaf, intermediate), Kind.ROOT_NOT_TRUSTED, Severity.FAILURE, "Example Root");
    }

    @Test
    void anIntermediateOfTheSameNameIsNotTheIssuer() throws Exception {
        assertFlaw(
                lab.lookAt(leaf, lab.root.intermediate("Example Intermediate").certificate()),
                Kind.CHAIN_INCOMPLETE,
                Severity.FAILURE,
                "Example Intermediate");
    }

    /** As when the cross-signature of ISRG Root X1 by DST Root CA X3 expired in 2021. */
    @Test
    void ofSeveralWaysOneIsEnough() throws Exception {
        TestAuthority old = TestAuthority.root("Old Root", NOW);
        X509Certificate crossSigned = old.crossSigned(lab.root, ago(100), ago(2));

        assertGood(lab.lookAt(leaf, intermediate, crossSigned));
        lab.trusted = List.of(lab.root.certificate(), old.certificate());
        assertGood(lab.lookAt(leaf, intermediate, crossSigned));
        lab.trusted = List.of(old.certificate());
        assertFlaw(
                lab.lookAt(leaf, intermediate, crossSigned),
                Kind.EXPIRED,
                Severity.FAILURE,
                "the certificate of its issuer, Example Root, expired 2 days ago");
        assertGood(lab.lookAt(leaf, intermediate, crossSigned, old.crossSigned(lab.root, ago(2), in(100))));
    }

    @Test
    void anIntermediateMustBeValid() throws Exception {
        TestAuthority expired = lab.root.intermediate("Former Intermediate", KeyType.EC256, ago(900), ago(5));
        assertFlaw(
                lab.lookAt(expired.leaf(lab.key.getPublic(), SITE.names(), ago(10), in(80)), expired.certificate()),
                Kind.EXPIRED,
                Severity.FAILURE,
                "Former Intermediate, expired 5 days ago");

        TestAuthority early = lab.root.intermediate("Next Intermediate", KeyType.EC256, in(5), in(900));
        assertFlaw(
                lab.lookAt(early.leaf(lab.key.getPublic(), SITE.names(), ago(10), in(80)), early.certificate()),
                Kind.NOT_YET_VALID,
                Severity.FAILURE,
                "Next Intermediate, is not valid until 5 days from now");
    }

    @Test
    void whoIsNoCaMayNotIssue() throws Exception {
        TestAuthority impostor = lab.intermediate.impostor("impostor.example.org");
        X509Certificate issued = impostor.leaf(lab.key.getPublic(), SITE.names(), ago(10), in(80));

        assertFlaw(
                lab.lookAt(issued, impostor.certificate(), intermediate),
                Kind.CHAIN_REFUSED,
                Severity.FAILURE,
                "clients refuse the chain");
    }

    @Test
    void theCertificateMustBeForServers() throws Exception {
        X509Certificate client =
                lab.intermediate.clientLeaf(lab.key.getPublic(), ago(10), in(80), "www.example.org", "example.org");

        assertFlaw(lab.lookAt(client, intermediate), Kind.CHAIN_REFUSED, Severity.FAILURE, "not for web servers");
    }

    @Test
    void anExpiredCertificateHidesNoOtherFlawOfTheChain() throws Exception {
        assertThat(lab.lookAt(lab.leaf(ago(90), ago(3))).flaws())
                .extracting(Flaw::kind)
                .containsExactly(Kind.EXPIRED, Kind.CHAIN_INCOMPLETE);
    }
}
