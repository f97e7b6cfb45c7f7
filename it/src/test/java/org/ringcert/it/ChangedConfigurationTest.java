package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.demo.LocalCluster;
import org.ringcert.daemon.demo.PebbleOptions;
import org.ringcert.daemon.demo.TestCa;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateVersion;

/** What {@code ringcert renew} makes of a file that says something else than the certificate. */
@UsesPebble
class ChangedConfigurationTest {

    private static final HostName WWW = new HostName("www.example.org");
    private static final HostName BARE = new HostName("example.org");

    @TempDir
    private Path folder;

    private static void change(Lab lab, String from, String to) throws Exception {
        lab.configure(text -> {
            assertThat(text).contains(from);
            return text.replace(from, to);
        });
    }

    private static CertificateVersion renewed(Lab lab, String why) throws Exception {
        assertThat(lab.command(0, 0, "renew", "--dry-run")).contains(WWW + ": would be ordered: " + why);
        assertThat(lab.command(0, 0, "renew")).contains(WWW + ": renewed");
        return Stored.current(lab, 0, 0);
    }

    @Test
    void otherNamesKeysCasAndProfilesAreOrderedAtOnce() throws Exception {
        Path told = folder.resolve("told");
        try (Lab lab = Lab.start(folder, RealCa.USUAL, UnaryOperator.identity(), 1, WWW.value())) {
            lab.ca().setAddress(BARE, lab.cluster().address(0));
            lab.configure(text ->
                    text + "[deploy]\nrun = [\"/bin/sh\", \"-c\", 'echo \"$RINGCERT_SITE\" >>%s']".formatted(told));
            renewed(lab, "there is no certificate yet");
            assertThat(lab.command(0, 0, "renew")).contains(WWW + ": not due until");
            assertThat(told).content().isEqualTo(WWW + "\n");

            change(lab, "\"www.example.org\"]", "\"www.example.org\", \"example.org\"]");
            assertThat(renewed(lab, "its names have changed").names()).containsExactly(BARE, WWW);

            change(lab, "agree-to-terms", "key = \"ec384\"\nagree-to-terms");
            assertThat(renewed(lab, "the kind of key has changed").keyType()).contains(KeyType.EC384);
            assertThat(told).content().hasLineCount(3);

            change(lab, "key = ", "profile = \"no-such\"\nkey = ");
            assertThat(lab.command(0, 0, "renew", "--dry-run")).contains("the profile has changed");
            assertThat(lab.command(0, 1, "renew")).contains(WWW + ": failed", "no-such", "profile");
            assertThat(Stored.current(lab, 0, 0).keyType()).contains(KeyType.EC384);
            assertThat(lab.command(0, 1, "status")).contains("no-such");
            change(lab, "profile = \"no-such\"\n", "");
            assertThat(lab.command(0, 0, "renew")).contains("not due until");
            assertThat(lab.command(0, 0, "status")).contains("good");

            try (TestCa other = TestCa.start(
                    RealCa.USUAL.binaries(),
                    PebbleOptions.on(LocalCluster.loopback(1))
                            .withHttpPort(lab.ca().httpPort()))) {
                for (HostName name : List.of(WWW, BARE)) {
                    other.setAddress(name, lab.cluster().address(0));
                }
                change(lab, lab.ca().directory().toString(), other.directory().toString());
                change(lab, lab.ca().caFile().toString(), other.caFile().toString());
                CertificateVersion version = renewed(lab, "the CA has changed");
                version.chain().getLast().verify(other.roots().getFirst().getPublicKey());
            }
            assertThat(Files.readString(told).lines()).hasSize(4);
        }
    }
}
