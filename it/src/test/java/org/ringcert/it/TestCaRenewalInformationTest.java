package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.pki.Pem;

/** What the newest Pebble says about the renewal of its certificates. */
@UsesPebble
class TestCaRenewalInformationTest {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void movesWindowsAndRevokesCertificates() throws Exception {
        try (Testbed testbed = Testbed.start(
                folder,
                PebbleRelease.NEWEST,
                options -> options.withValidity(Duration.ofHours(160)),
                1,
                "www.example.org")) {
            assertThat(testbed.ca().offersRenewalInformation()).isTrue();
            testbed.runCommand(0, 0, "renew");
            X509Certificate certificate = Certificates.verified(testbed, 0, 0);
            assertThat(Duration.between(
                            certificate.getNotBefore().toInstant(),
                            certificate.getNotAfter().toInstant()))
                    .isBetween(Duration.ofHours(159), Duration.ofHours(161));

            testbed.ca().revoke(certificate, key(testbed));
            assertThat(testbed.ca().renewalInformation(certificate)).doesNotContain("2026-03-01");

            URI page = URI.create("https://ca.example.org/incident");
            testbed.ca().setRenewalWindow(certificate, START, START.plusSeconds(60), Optional.of(page));
            assertThat(testbed.ca().renewalInformation(certificate))
                    .contains("\"2026-03-01T00:00:00Z\"", "\"2026-03-01T00:01:00Z\"", page.toString());

            testbed.ca().setRenewalInformation(certificate, "<html>");
            assertThat(testbed.ca().renewalInformation(certificate)).isEqualTo("<html>");
        }
    }

    private static KeyPair key(Testbed testbed) throws Exception {
        Path version = Certificates.link(testbed, 0, 0);
        X509Certificate leaf = Certificates.verified(testbed, 0, 0);
        return Pem.keyPair(Files.readString(version.resolve("privkey.pem")), leaf.getPublicKey());
    }
}
