package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.issue.CertificateSpec.KeyUse;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.TestIssuer;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.OfferedChains;
import org.ringcert.store.Origin;
import org.ringcert.store.StoreException;

/** The choice among the chains that a CA offers for a certificate. */
class PreferredChainTest {

    private static final String FIRST = "Root X1";
    private static final String SECOND = "Root X2";

    @TempDir
    private Path directory;

    private IssuerFixture fixture;
    private FakeCa ca;

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
        ca = fixture.ca;
        ca.chain = issued -> chainTo(issued, FIRST);
    }

    @Test
    void downloadsNoAlternateWithoutAPreference() {
        offer(SECOND);

        assertThat(issue(Optional.empty())
                        .chain()
                        .getLast()
                        .getIssuerX500Principal()
                        .getName())
                .isEqualTo("CN=" + FIRST);
        assertThat(ca.count("alternate")).isZero();
    }

    @Test
    void downloadsNoAlternateIfTheDefaultChainHasTheRoot() {
        offer(SECOND);

        issue(Optional.of(FIRST));

        assertThat(ca.count("alternate")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {SECOND, "root  x2", " ROOT X2 "})
    void installsTheAlternateWithTheRoot(String root) throws StoreException {
        offer("Root X0");
        offer(SECOND);
        offer("Root X3");

        CertificateVersion version = issue(Optional.of(root));

        assertRoot(version, SECOND);
        assertThat(fixture.store.current(CertificateName.first(IssuerFixture.WWW)))
                .contains(version);
        assertThat(ca.count("alternate")).as("stops at the first that fits").isEqualTo(2);
        assertThat(problems()).isEmpty();
    }

    /** As with a root that an older one has cross-signed: clients that trust the new one need the last part no more. */
    @Test
    void takesAChainWithTheNameFurtherDownIfNoneEndsThere() {
        ca.alternates.put(alternate(1), issued -> ca.issuer.chainThrough(issued.getFirst(), SECOND, "Old Root"));
        assertThat(issue(Optional.of(SECOND)).chain()).hasSize(3);
        assertThat(problems()).isEmpty();
    }

    @Test
    void prefersAChainThatEndsAtTheRoot() {
        ca.alternates.put(alternate(1), issued -> ca.issuer.chainThrough(issued.getFirst(), SECOND, "Old Root"));
        offer(SECOND);

        assertThat(issue(Optional.of(SECOND)).chain()).hasSize(2);
    }

    @Test
    void installsTheDefaultChainIfNoneHasTheRoot() {
        offer(SECOND);

        CertificateVersion version = issue(Optional.of("Root X9"));

        assertRoot(version, FIRST);
        OfferedChains offered = new OfferedChains(List.of(FIRST, SECOND), 0);
        assertThat(problems()).containsExactly(new IssuanceEvent.NoChainToRoot("Root X9", offered, List.of()));
        assertThat(((Origin.IssuedByCa) version.origin()).otherChains()).contains(offered);
        assertThat(ca.orders()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anAlternateThatCannotBeDownloadedDoesNotLoseTheCertificate(Kind kind) {
        ca.alternates.put(alternate(1), _ -> {
            throw CaFaults.failure(kind, "there is no chain for you");
        });

        assertRoot(issue(Optional.of(SECOND)), FIRST);

        assertThat(problems())
                .containsExactly(new IssuanceEvent.NoChainToRoot(
                        SECOND, new OfferedChains(List.of(FIRST), 1), List.of("there is no chain for you")));
    }

    @Test
    void looksAtTheNextAlternateAfterOneThatIsMissing() {
        ca.alternates.put(alternate(1), _ -> {
            throw CaFaults.failure(Kind.NOT_FOUND, "gone");
        });
        offer(SECOND);

        assertRoot(issue(Optional.of(SECOND)), SECOND);
    }

    @Test
    void doesNotAskACaThatIsDownForEachChain() {
        for (int number = 1; number <= 5; number++) {
            ca.alternates.put(alternate(number), _ -> {
                throw CaFaults.failure(Kind.UNREACHABLE, "timeout");
            });
        }

        issue(Optional.of(SECOND));

        assertThat(ca.count("alternate")).isEqualTo(1);
    }

    @Test
    void refusesAnAlternateForAnotherCertificate() {
        X509Certificate other = issue(Optional.empty()).leaf();
        ca.alternates.put(alternate(1), _ -> List.of(other, ca.issuer.issuedBy(SECOND)));

        CertificateVersion version = issue(Optional.of(SECOND));

        assertThat(version.leaf()).isNotEqualTo(other);
        assertRoot(version, FIRST);
        assertThat(problems().toString())
                .contains("another certificate", alternate(1).toString());
    }

    @Test
    void refusesAnAlternateWithABrokenChain() {
        TestIssuer stranger = new TestIssuer(fixture.clock.instant());
        ca.alternates.put(alternate(1), issued -> List.of(issued.getFirst(), stranger.issuedBy(SECOND)));

        assertRoot(issue(Optional.of(SECOND)), FIRST);

        assertThat(problems().toString()).contains("not signed by the next one");
    }

    @Test
    void anInterruptedDownloadIsRepeated() throws Exception {
        ca.alternates.put(alternate(1), _ -> {
            Thread.currentThread().interrupt();
            throw CaFaults.failure(Kind.UNREACHABLE, "interrupted");
        });
        Thread attempt = Thread.ofVirtual()
                .start(() -> assertThat(fixture.issuer.issue(
                                IssuerFixture.SPEC, source(Optional.of(SECOND)), Preflight.Power.MAY_POSTPONE))
                        .isEqualTo(new IssuanceOutcome.Interrupted()));
        attempt.join();
        assertThat(fixture.progress().order()).isPresent();
        assertThat(fixture.store.current(CertificateName.first(IssuerFixture.WWW)))
                .isEmpty();

        ca.alternates.clear();
        offer(SECOND);
        assertRoot(issue(Optional.of(SECOND)), SECOND);
        assertThat(ca.orders()).hasSize(1);
        assertThat(problems()).isEmpty();
    }

    private void offer(String root) {
        ca.alternates.put(alternate(ca.alternates.size() + 1), issued -> chainTo(issued, root));
    }

    private List<X509Certificate> chainTo(List<X509Certificate> issued, String root) {
        return List.of(issued.getFirst(), ca.issuer.issuedBy(root));
    }

    private static URI alternate(int number) {
        return FakeCa.DIRECTORY.resolve("/certificate/alternate/" + number);
    }

    private List<IssuanceEvent> problems() {
        return fixture.events.stream()
                .filter(IssuanceEvent.NoChainToRoot.class::isInstance)
                .toList();
    }

    private CertificateVersion issue(Optional<String> root) {
        return fixture.issue(new CertificateSpec(IssuerFixture.SPEC.site(), List.of(source(root))));
    }

    private static Source source(Optional<String> root) {
        return new Source(FakeCa.DIRECTORY, KeyType.EC256, Optional.empty(), root, KeyUse.NEW_KEY);
    }

    private static void assertRoot(CertificateVersion version, String root) {
        assertThat(version.chain().getLast().getIssuerX500Principal().getName()).isEqualTo("CN=" + root);
    }
}
