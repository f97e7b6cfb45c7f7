package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.LocalCluster;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.demo.TestCa;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateVersion;

/** {@code ringcert renew} after the configuration has changed and no longer matches the certificate. */
@UsesPebble
class ChangedConfigurationTest {

    private static final HostName WWW = new HostName("www.example.org");
    private static final HostName BARE = new HostName("example.org");

    @TempDir
    private Path folder;

    private static void change(Testbed testbed, String from, String to) throws Exception {
        testbed.editConfiguration(text -> {
            assertThat(text).contains(from);
            return text.replace(from, to);
        });
    }

    private static CertificateVersion renewed(Testbed testbed, String reason) throws Exception {
        assertThat(testbed.runCommand(0, 0, "renew", "--dry-run"))
                .contains(WWW + ": would be ordered from ", ": " + reason);
        assertThat(testbed.runCommand(0, 0, "renew")).contains(WWW + ": renewed");
        return StoredVersion.current(testbed, 0, 0);
    }

    @Test
    void ordersAtOnceAfterAChangeOfNamesKeyCaOrProfile() throws Exception {
        Path deployed = folder.resolve("deployed");
        try (Testbed testbed = Testbed.start(folder, 1, WWW.value())) {
            testbed.ca().setAddress(BARE, testbed.cluster().address(0));
            testbed.editConfiguration(text ->
                    text + "[deploy]\nrun = [\"/bin/sh\", \"-c\", 'echo \"$RINGCERT_SITE\" >>%s']".formatted(deployed));
            renewed(testbed, "there is no certificate yet");
            assertThat(testbed.runCommand(0, 0, "renew")).contains(WWW + ": not due, next renewal");
            assertThat(deployed).content().isEqualTo(WWW + "\n");

            change(testbed, "\"www.example.org\"]", "\"www.example.org\", \"example.org\"]");
            assertThat(renewed(testbed, "its names have changed").names()).containsExactly(BARE, WWW);

            change(testbed, "agree-to-terms", "key = \"ec384\"\nagree-to-terms");
            assertThat(renewed(testbed, "the key type has changed").keyType()).contains(KeyType.EC384);
            assertThat(deployed).content().hasLineCount(3);

            change(testbed, "key = ", "profile = \"no-such\"\nkey = ");
            assertThat(testbed.runCommand(0, 0, "renew", "--dry-run")).contains("the profile has changed");
            assertThat(testbed.runCommand(0, 1, "renew")).contains(WWW + ": failed", "no-such", "profile");
            assertThat(StoredVersion.current(testbed, 0, 0).keyType()).contains(KeyType.EC384);
            assertThat(testbed.runCommand(0, 1, "status")).contains("no-such");
            change(testbed, "profile = \"no-such\"\n", "");
            assertThat(testbed.runCommand(0, 0, "renew")).contains("not due, next renewal");
            assertThat(testbed.runCommand(0, 0, "status")).contains("good");

            try (TestCa other = TestCa.start(
                    PebbleRelease.INSTALLED.binaries(),
                    PebbleOptions.on(LocalCluster.loopback(1))
                            .withHttpPort(testbed.ca().httpPort()))) {
                for (HostName name : List.of(WWW, BARE)) {
                    other.setAddress(name, testbed.cluster().address(0));
                }
                change(
                        testbed,
                        testbed.ca().directory().toString(),
                        other.directory().toString());
                change(testbed, testbed.ca().caFile().toString(), other.caFile().toString());
                CertificateVersion version = renewed(testbed, "the CA has changed");
                version.chain().getLast().verify(other.roots().getFirst().getPublicKey());
            }
            assertThat(Files.readString(deployed).lines()).hasSize(4);
        }
    }
}
