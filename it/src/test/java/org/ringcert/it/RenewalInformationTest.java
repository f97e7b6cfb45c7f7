package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.pki.Pem;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.Store;

/** Renewals at the time that a real CA suggests (RFC 9773). */
@UsesPebble
class RenewalInformationTest {

    private static final URI PAGE = URI.create("https://ca.example.org/incident");

    @TempDir
    private Path folder;

    @Test
    void keepsTheTimeThatItHasChosenInTheWindow() throws Exception {
        try (Testbed testbed = start(UnaryOperator.identity())) {
            testbed.runCommand(0, 0, "renew");
            CertificateVersion version = StoredVersion.verified(testbed, 0, 0);
            RenewalSchedule schedule = store(testbed).renewalSchedule(version);
            RenewalSchedule.Suggestion suggestion = schedule.suggestion().orElseThrow();

            assertThat(testbed.ca().renewalInformation(version.leaf()))
                    .contains(suggestion.start().toString(), suggestion.end().toString());
            assertThat(suggestion.chosen()).isBetween(suggestion.start(), suggestion.end());
            String next = testbed.runCommand(0, 0, "renew");
            assertThat(next).contains("not due, next renewal ");
            assertThat(testbed.runCommand(0, 0, "renew")).isEqualTo(next);
            assertThat(store(testbed).renewalSchedule(version)).isEqualTo(schedule);
        }
    }

    @Test
    void renewsAtOnceWhenTheWindowHasPassedAndSaysWhy() throws Exception {
        try (Testbed testbed = start(UnaryOperator.identity());
                CaProxy proxy = CaProxy.start(testbed.ca(), folder)) {
            proxy.replaceCaOf(testbed);
            testbed.runCommand(0, 0, "renew");
            X509Certificate previous = Certificates.verified(testbed, 0, 0);
            Instant now = Instant.now();
            testbed.ca()
                    .setRenewalWindow(
                            previous,
                            now.minus(Duration.ofHours(2)),
                            now.minus(Duration.ofHours(1)),
                            Optional.of(PAGE));
            assertThat(testbed.runCommand(0, 0, "renew")).contains("not due");

            pollNow(testbed);
            proxy.refuse("/order-plz", 503, "serverInternal", Duration.ofSeconds(1));
            testbed.runCommand(0, 1, "renew");
            assertThat(testbed.runCommand(0, 0, "renew", "--dry-run")).contains(PAGE.toString());
            proxy.allow("/order-plz");
            testbed.runCommand(0, 0, "renew", "--force");

            assertThat(Certificates.verified(testbed, 0, 0)).isNotEqualTo(previous);
            assertThat(CaLog.of(testbed.ca()).replacements()).isOne();
        }
    }

    @Test
    void replacesARevokedCertificate() throws Exception {
        try (Testbed testbed = start(UnaryOperator.identity())) {
            testbed.runCommand(0, 0, "renew");
            X509Certificate previous = Certificates.verified(testbed, 0, 0);
            Path key = Certificates.link(testbed, 0, 0).resolve("privkey.pem");
            testbed.ca().revoke(previous, Pem.keyPair(Files.readString(key), previous.getPublicKey()));

            pollNow(testbed);
            testbed.runCommand(0, 0, "renew");

            assertThat(Certificates.verified(testbed, 0, 0)).isNotEqualTo(previous);
            assertThat(CaLog.of(testbed.ca()).replacements()).isOne();
        }
    }

    /** The order that replaces it has been finalized, but the node has lost it. */
    @Test
    void ordersWithoutAPredecessorWhenThatHasBeenReplacedAlready() throws Exception {
        try (Testbed testbed = start(UnaryOperator.identity());
                CaProxy proxy = CaProxy.start(testbed.ca(), folder)) {
            proxy.replaceCaOf(testbed);
            testbed.runCommand(0, 0, "renew");
            X509Certificate previous = Certificates.verified(testbed, 0, 0);
            CaProxy.Break lost = proxy.breakAfter("/finalize-order/");
            ChildProcess process =
                    testbed.cluster().command(0, testbed.cluster().log(0), "renew", "--force");
            lost.await();
            process.kill();
            Files.delete(testbed.cluster().store(0).resolve("orders/www.example.org.json"));

            testbed.runCommand(0, 0, "renew", "--force");

            assertThat(Certificates.verified(testbed, 0, 0)).isNotEqualTo(previous);
            CaLog log = CaLog.of(testbed.ca());
            assertThat(log.replacements()).isOne();
            assertThat(log.certificates()).isEqualTo(3);
        }
    }

    @Test
    void aShortLivedCertificateIsRenewedInTheMiddleOfItsLifetimeIfTheCaSaysSo() throws Exception {
        try (Testbed testbed =
                start(options -> options.withOtherProfiles(Map.of("shortlived", Duration.ofHours(160))))) {
            testbed.editConfiguration(
                    text -> text.replace("agree-to-terms", "profile = \"shortlived\"\nagree-to-terms"));
            testbed.runCommand(0, 0, "renew");
            CertificateVersion version = StoredVersion.verified(testbed, 0, 0);
            Instant middle = version.leaf().getNotBefore().toInstant().plus(Duration.ofHours(80));
            testbed.ca().setRenewalWindow(version.leaf(), middle, middle.plus(Duration.ofHours(3)), Optional.empty());

            pollNow(testbed);
            testbed.runCommand(0, 0, "renew");

            assertThat(store(testbed)
                            .renewalSchedule(version)
                            .suggestion()
                            .orElseThrow()
                            .chosen())
                    .isBetween(middle, middle.plus(Duration.ofHours(3)));
        }
    }

    private Testbed start(UnaryOperator<PebbleOptions> options) throws Exception {
        return Testbed.start(folder, PebbleRelease.NEWEST, options, 1, "www.example.org");
    }

    private static Store store(Testbed testbed) throws Exception {
        return Store.open(testbed.cluster().store(0), Clock.systemUTC());
    }

    /** Makes the next pass ask the CA, which Pebble wants to happen every six hours. */
    private static void pollNow(Testbed testbed) throws Exception {
        CertificateVersion version = StoredVersion.current(testbed, 0, 0);
        RenewalSchedule schedule = store(testbed).renewalSchedule(version);
        store(testbed)
                .saveRenewalSchedule(
                        version, new RenewalSchedule(schedule.suggestion(), Instant.EPOCH, schedule.failedPolls()));
    }
}
