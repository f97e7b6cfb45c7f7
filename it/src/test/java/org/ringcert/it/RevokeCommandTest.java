package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.demo.ChildProcess;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Revocation;
import org.ringcert.store.Store;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ringcert revoke} with a real CA. Debian's Pebble has no renewal information, the newest has. */
@UsesPebble
class RevokeCommandTest {

    private static final String WWW = "www.example.org";

    @TempDir
    private Path folder;

    private Testbed start(PebbleRelease release) throws Exception {
        return Testbed.start(folder, release, UnaryOperator.identity(), 1, WWW);
    }

    private static Store store(Testbed testbed) throws Exception {
        return Store.open(testbed.cluster().store(0), Clock.systemUTC());
    }

    private static int reasonAtTheCa(Testbed testbed, X509Certificate certificate) throws Exception {
        JsonNode record = JsonMapper.shared().readTree(testbed.ca().record(certificate));
        assertThat(record.path("Status").asString()).as("%s", record).isEqualTo("Revoked");
        return record.path("Reason").asInt(0);
    }

    private static void assertReplaced(Testbed testbed, CertificateVersion previous) throws Exception {
        CertificateVersion current = StoredVersion.verified(testbed, 0, 0);
        assertThat(current.leaf()).isNotEqualTo(previous.leaf());
        assertThat(current.leaf().getPublicKey()).isNotEqualTo(previous.leaf().getPublicKey());
        assertThat(current.revocation()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void revokesAndOrdersWhileTheDaemonAnswersChallenges(PebbleRelease release) throws Exception {
        try (Testbed testbed = start(release)) {
            ChildProcess daemon = testbed.startDaemon(0);
            // Until it logs this, the daemon works on the site, and the command would find it locked.
            daemon.awaitLine(
                    line -> line.contains(WWW + ": renewed") && line.contains("next renewal"), Testbed.TIMEOUT);
            CertificateVersion previous = StoredVersion.verified(testbed, 0, 0);

            String output = testbed.runCommand(0, 0, "revoke", WWW, "--yes");

            assertThat(output)
                    .contains(
                            "To be revoked for the reason unspecified",
                            "version " + previous.label() + " is revoked at ")
                    .contains(WWW + ": renewed, valid until ");
            assertThat(reasonAtTheCa(testbed, previous.leaf())).isZero();
            assertReplaced(testbed, previous);
            assertThat(testbed.runCommand(0, 0, "status")).contains("good");

            assertThat(testbed.runCommand(0, 0, "revoke", WWW, "--yes", "--reason", "4", "--version", previous.label()))
                    .contains("was already revoked at ", "nothing is ordered")
                    .doesNotContain("renewed");
            assertThat(CaLog.of(testbed.ca()).certificates()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCompromisedKeyRevokesItselfAndIsNotUsedAgain(PebbleRelease release) throws Exception {
        try (Testbed testbed = start(release)) {
            testbed.runCommand(0, 0, "renew");
            CertificateVersion previous = StoredVersion.verified(testbed, 0, 0);

            String output = testbed.runCommand(0, 0, "revoke", WWW, "--reason", "key-compromise", "--yes");

            assertThat(output).contains("with a new key", "in the name of its own key.", WWW + ": renewed");
            assertThat(reasonAtTheCa(testbed, previous.leaf())).isOne();
            assertReplaced(testbed, previous);
            assertThat(store(testbed).isKeyRetired(previous.leaf().getPublicKey()))
                    .isTrue();
        }
    }

    @Test
    void aCompromiseEndsWithNewKeysOnEveryKindEvenIfKeysAreUsedAgain() throws Exception {
        try (Testbed testbed = start(PebbleRelease.NEWEST)) {
            testbed.editConfiguration(text -> text.replace(
                    "agree-to-terms", "keys = [\"ec256\", \"rsa2048\"]\nreuse-key = true\nagree-to-terms"));
            testbed.runCommand(0, 0, "renew");
            testbed.runCommand(0, 0, "renew", "--force");
            Store store = store(testbed);
            List<CertificateVersion> first = store.versions(CertificateName.of(WWW));
            List<CertificateVersion> second = store.versions(CertificateName.of(WWW + "+rsa"));

            String output = testbed.runCommand(0, 0, "revoke", WWW, "--reason", "keyCompromise", "--yes");

            assertThat(output)
                    .contains("because it has the same key", WWW + ": renewed", WWW + "+rsa: renewed")
                    .contains("Then 2 new certificates with new keys are ordered");
            for (List<CertificateVersion> versions : List.of(first, second)) {
                for (CertificateVersion version : versions.subList(0, 2)) {
                    assertThat(reasonAtTheCa(testbed, version.leaf())).isOne();
                }
                CertificateVersion current =
                        store.current(versions.getFirst().name()).orElseThrow();
                assertThat(current.leaf().getPublicKey())
                        .isNotEqualTo(versions.getFirst().leaf().getPublicKey());
            }
        }
    }

    @Test
    void oneOfTwoKindsCanBeRevokedAlone() throws Exception {
        try (Testbed testbed = start(PebbleRelease.INSTALLED)) {
            testbed.editConfiguration(
                    text -> text.replace("agree-to-terms", "keys = [\"ec256\", \"rsa2048\"]\nagree-to-terms"));
            testbed.runCommand(0, 0, "renew");
            CertificateVersion kept = StoredVersion.verified(testbed, 0, 0);
            CertificateVersion revoked =
                    store(testbed).current(CertificateName.of(WWW + "+rsa")).orElseThrow();

            assertThat(testbed.runCommand(0, 0, "revoke", WWW + "+rsa", "--reason", "superseded", "--yes"))
                    .contains(WWW + "+rsa: version " + revoked.label() + " is revoked at ", WWW + "+rsa: renewed");

            assertThat(reasonAtTheCa(testbed, revoked.leaf())).isEqualTo(4);
            assertThat(StoredVersion.current(testbed, 0, 0)).isEqualTo(kept);
            assertThat(store(testbed).current(revoked.name()).orElseThrow().leaf())
                    .isNotEqualTo(revoked.leaf());
        }
    }

    @Test
    void theKeyRevokesWithoutTheAccountAndTheOrderMakesANewOne() throws Exception {
        try (Testbed testbed = start(PebbleRelease.INSTALLED)) {
            testbed.runCommand(0, 0, "renew");
            CertificateVersion previous = StoredVersion.verified(testbed, 0, 0);
            Files.delete(store(testbed).accounts().file(testbed.ca().directory()));

            assertThat(testbed.runCommand(0, 0, "revoke", WWW, "--reason", "superseded", "--yes"))
                    .contains("in the name of its own key.", WWW + ": renewed");

            assertThat(reasonAtTheCa(testbed, previous.leaf())).isEqualTo(4);
            assertReplaced(testbed, previous);
            assertThat(CaLog.of(testbed.ca()).accounts()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNextRunOrdersIfTheProcessDiedAfterTheRevocation(PebbleRelease release) throws Exception {
        try (Testbed testbed = start(release);
                CaProxy proxy = CaProxy.start(testbed.ca(), folder)) {
            proxy.replaceCaOf(testbed);
            testbed.runCommand(0, 0, "renew");
            CertificateVersion first = StoredVersion.verified(testbed, 0, 0);

            killAt(proxy.breakAfter("/revoke-cert"), testbed);

            assertThat(reasonAtTheCa(testbed, first.leaf())).isEqualTo(4);
            assertThat(state(testbed)).contains(Revocation.State.REQUESTED);
            assertThat(testbed.runCommand(0, 0, "renew", "--dry-run"))
                    .contains("it may be revoked: the revocation was requested at ");
            testbed.runCommand(0, 0, "renew");
            assertReplaced(testbed, first);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNextRunOrdersIfTheProcessDiedBeforeTheOrder(PebbleRelease release) throws Exception {
        try (Testbed testbed = start(release);
                CaProxy proxy = CaProxy.start(testbed.ca(), folder)) {
            proxy.replaceCaOf(testbed);
            testbed.runCommand(0, 0, "renew");
            CertificateVersion first = StoredVersion.verified(testbed, 0, 0);

            killAt(proxy.breakBefore("/order-plz"), testbed);

            assertThat(state(testbed)).contains(Revocation.State.CONFIRMED);
            testbed.runCommand(0, 1, "status");
            testbed.runCommand(0, 0, "renew");
            assertReplaced(testbed, first);
        }
    }

    @Test
    void everyCompromisedKeyIsReplacedIfTheProcessDiedAfterTheFirstRevocation() throws Exception {
        try (Testbed testbed = start(PebbleRelease.INSTALLED);
                CaProxy proxy = CaProxy.start(testbed.ca(), folder)) {
            proxy.replaceCaOf(testbed);
            testbed.editConfiguration(
                    text -> text.replace("agree-to-terms", "keys = [\"ec256\", \"rsa2048\"]\nagree-to-terms"));
            testbed.runCommand(0, 0, "renew");
            List<CertificateVersion> compromised = new ArrayList<>();
            for (String name : List.of(WWW, WWW + "+rsa")) {
                compromised.add(store(testbed).current(CertificateName.of(name)).orElseThrow());
            }

            killAt(proxy.breakAfter("/revoke-cert"), testbed, "keyCompromise");

            assertThat(testbed.runCommand(0, 1, "status")).contains("its key was reported as compromised at ");
            testbed.runCommand(0, 0, "renew");
            for (CertificateVersion previous : compromised) {
                CertificateVersion current =
                        store(testbed).current(previous.name()).orElseThrow();
                assertThat(current.leaf().getPublicKey())
                        .isNotEqualTo(previous.leaf().getPublicKey());
                assertThat(current.revocation()).isEmpty();
            }
        }
    }

    private void killAt(CaProxy.Break point, Testbed testbed) throws Exception {
        killAt(point, testbed, "superseded");
    }

    private void killAt(CaProxy.Break point, Testbed testbed, String reason) throws Exception {
        ChildProcess process =
                testbed.cluster().command(0, folder.resolve("killed"), "revoke", WWW, "--reason", reason, "--yes");
        point.await();
        process.kill();
    }

    private static Optional<Revocation.State> state(Testbed testbed) throws Exception {
        return StoredVersion.current(testbed, 0, 0).revocation().map(Revocation::state);
    }

    @Test
    void anOrderThatFailsLeavesTheRevokedCertificateInPlaceAndIsRepeated() throws Exception {
        try (Testbed testbed = start(PebbleRelease.INSTALLED);
                CaProxy proxy = CaProxy.start(testbed.ca(), folder)) {
            proxy.replaceCaOf(testbed);
            testbed.runCommand(0, 0, "renew");
            CertificateVersion previous = StoredVersion.verified(testbed, 0, 0);
            proxy.refuse("/order-plz", 429, "rateLimited", Duration.ofHours(30));

            assertThat(testbed.runCommand(0, 1, "revoke", WWW, "--yes"))
                    .contains(
                            "is revoked at ",
                            WWW + ": its turn is at ",
                            "(rateLimited)",
                            "is revoked and still in place",
                            "Replacing a revoked certificate is not exempt from the CA's limits.");

            assertThat(StoredVersion.current(testbed, 0, 0).leaf()).isEqualTo(previous.leaf());
            assertThat(testbed.runCommand(0, 1, "status")).contains("it was revoked at ", "(unspecified)");
            proxy.allow("/order-plz");
            testbed.runCommand(0, 1, "renew");
            testbed.runCommand(0, 0, "renew", "--force");
            assertReplaced(testbed, previous);
            testbed.runCommand(0, 0, "status");
        }
    }

    @Test
    void saysThatVisitorsStillGetTheRevokedCertificateIfTheDeploymentFails() throws Exception {
        try (Testbed testbed = start(PebbleRelease.INSTALLED)) {
            testbed.runCommand(0, 0, "renew");
            testbed.editConfiguration(text -> text + "[deploy]\nrun = [\"/bin/false\"]\n");

            assertThat(testbed.runCommand(0, 1, "revoke", WWW, "--yes"))
                    .contains(
                            "is revoked at ",
                            "Until the new certificate of " + WWW
                                    + " is deployed, visitors still get the revoked one.");
        }
    }

    @Test
    void theKeyIsReplacedEvenIfTheCaRefusesToRevoke() throws Exception {
        try (Testbed testbed = start(PebbleRelease.INSTALLED);
                CaProxy proxy = CaProxy.start(testbed.ca(), folder)) {
            proxy.replaceCaOf(testbed);
            testbed.runCommand(0, 0, "renew");
            CertificateVersion previous = StoredVersion.verified(testbed, 0, 0);
            proxy.refuse("/revoke-cert", 400, "badRevocationReason", Duration.ZERO);

            assertThat(testbed.runCommand(0, 1, "revoke", WWW, "--reason", "keyCompromise", "--yes"))
                    .contains(
                            "version " + previous.label() + " could not be revoked: ",
                            "It is replaced all the same. Repeat the command to revoke it: --version "
                                    + previous.label(),
                            WWW + ": renewed");

            assertReplaced(testbed, previous);
        }
    }

    @Test
    void whatTheCaRefusesIsNotRevokedAndNothingIsOrdered() throws Exception {
        try (Testbed testbed = start(PebbleRelease.INSTALLED);
                CaProxy proxy = CaProxy.start(testbed.ca(), folder)) {
            proxy.replaceCaOf(testbed);
            testbed.runCommand(0, 0, "renew");
            CertificateVersion previous = StoredVersion.verified(testbed, 0, 0);
            proxy.refuse("/revoke-cert", 400, "badRevocationReason", Duration.ZERO);

            assertThat(testbed.runCommand(0, 1, "revoke", WWW, "--reason", "certificateHold", "--yes"))
                    .contains(
                            "version " + previous.label() + " is not revoked: ",
                            "Revoke the certificate with another reason, or without one.")
                    .doesNotContain("renewed", "failed");

            assertThat(StoredVersion.current(testbed, 0, 0)).isEqualTo(previous);
        }
    }
}
