package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CertificateSpec.KeyUse;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.StoreException;

/** Certificates that have the key of the previous one. */
class ReusedKeyTest {

    private static final Site SITE = IssuerFixture.SPEC.site();

    @TempDir
    private Path directory;

    private IssuerFixture fixture;

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
    }

    @Test
    void aRenewalHasANewKeyByDefault() {
        assertThat(key(issue(KeyUse.NEW_KEY))).isNotEqualTo(key(issue(KeyUse.NEW_KEY)));
    }

    @Test
    void renewalsHaveTheKeyOfTheFirstCertificate() throws Exception {
        CertificateVersion first = issue(KeyUse.NEW_KEY);

        CertificateVersion second = issue(KeyUse.SAME_KEY);
        CertificateVersion third = issue(KeyUse.SAME_KEY);

        assertThat(List.of(key(second), key(third))).containsOnly(key(first));
        assertThat(third.leaf().getSerialNumber()).isNotEqualTo(first.leaf().getSerialNumber());
        Path copy = third.directory().resolve("privkey.pem");
        assertThat(copy).hasSameTextualContentAs(first.directory().resolve("privkey.pem"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
    }

    /** A TLSA record can then be published before there is a certificate. */
    @Test
    void theFirstCertificateHasTheKeyOfTheSelfSignedOne() throws Exception {
        CertificateVersion selfSigned = fixture.store.ensureSelfSigned(
                CertificateName.first(SITE.name()), SITE, KeyType.EC256, new SecureRandom());

        assertThat(key(issue(KeyUse.SAME_KEY))).isEqualTo(key(selfSigned));
    }

    @Test
    void aKeyOfAnotherTypeIsNotReused() {
        CertificateVersion rsa = fixture.issue(spec(KeyType.RSA2048, KeyUse.NEW_KEY));

        assertThat(key(issue(KeyUse.SAME_KEY))).isNotEqualTo(key(rsa));
        assertThat(reasons()).singleElement().asString().contains("another type");
    }

    @Test
    void aRetiredKeyIsNeverReused() throws Exception {
        PublicKey first = key(issue(KeyUse.NEW_KEY));
        issue(KeyUse.SAME_KEY);
        fixture.store.retireKey(first, "It was compromised.");

        PublicKey second = key(issue(KeyUse.SAME_KEY));

        assertThat(second).isNotEqualTo(first);
        assertThat(reasons()).singleElement().asString().contains("compromised");
        assertThat(key(issue(KeyUse.SAME_KEY))).isEqualTo(second);
    }

    @Test
    void anOrderWithARetiredKeyIsAbandoned() throws Exception {
        PublicKey first = key(issue(KeyUse.NEW_KEY));
        fixture.ca.faults.finalizationHangs = true;
        fixture.failToIssue(spec(KeyType.EC256, KeyUse.SAME_KEY));
        fixture.ca.faults.finalizationHangs = false;
        fixture.store.retireKey(first, "It was compromised.");

        assertThat(key(issue(KeyUse.SAME_KEY))).isNotEqualTo(first);
        assertThat(fixture.ca.orders()).hasSize(3);
    }

    /** Boulder does so with keys that were revoked as compromised. Otherwise no attempt would ever succeed. */
    @Test
    void aKeyThatTheCaRefusesIsNotTriedAgain() {
        PublicKey first = key(issue(KeyUse.NEW_KEY));
        fixture.ca.beforeCall = call -> {
            if (call.equals("finalize")) {
                throw CaFaults.refusal(400, "badPublicKey", "public key is forbidden");
            }
        };
        assertThat(fixture.failToIssue(spec(KeyType.EC256, KeyUse.SAME_KEY)).reason())
                .contains("public key is forbidden");
        fixture.ca.beforeCall = _ -> {};

        assertThat(key(issue(KeyUse.SAME_KEY))).isNotEqualTo(first);
    }

    /** It is never used again anyway. Marks for each of them would pile up. */
    @Test
    void aNewKeyThatTheCaRefusesLeavesNoMark() {
        fixture.ca.beforeCall = call -> {
            if (call.equals("finalize")) {
                throw CaFaults.refusal(400, "badPublicKey", "public key is forbidden");
            }
        };

        fixture.failToIssue(spec(KeyType.EC256, KeyUse.NEW_KEY));

        assertThat(fixture.store.directory().resolve("retired-keys")).doesNotExist();
    }

    @Test
    void aKeyIsReusedAfterAnyOtherRefusal() {
        PublicKey first = key(issue(KeyUse.NEW_KEY));
        fixture.ca.beforeCall = call -> {
            if (call.equals("finalize")) {
                throw CaFaults.failure(Kind.REFUSED, "try another day");
            }
        };
        fixture.failToIssue(spec(KeyType.EC256, KeyUse.SAME_KEY));
        fixture.ca.beforeCall = _ -> {};

        assertThat(key(issue(KeyUse.SAME_KEY))).isEqualTo(first);
    }

    private List<IssuanceEvent> reasons() {
        return fixture.events.stream()
                .filter(IssuanceEvent.KeyNotReused.class::isInstance)
                .toList();
    }

    private CertificateVersion issue(KeyUse keyUse) {
        return fixture.issue(spec(KeyType.EC256, keyUse));
    }

    private static CertificateSpec spec(KeyType type, KeyUse keyUse) {
        return new CertificateSpec(
                SITE, List.of(new Source(FakeCa.DIRECTORY, type, Optional.empty(), Optional.empty(), keyUse)));
    }

    private static PublicKey key(CertificateVersion version) {
        return version.leaf().getPublicKey();
    }
}
