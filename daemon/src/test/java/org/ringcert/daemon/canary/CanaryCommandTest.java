package org.ringcert.daemon.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.process.CommandRunner;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSignedCertificate;

class CanaryCommandTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final HostName NODE = new HostName("web1.example.org");

    @TempDir
    private Path folder;

    private final KeyPair key = KeyType.EC256.generate(new SecureRandom());
    private final List<X509Certificate> chain = List.of(SelfSignedCertificate.create(
            key, List.of(SITE), Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2027-01-01T00:00:00Z")));

    private Optional<String> run(Duration timeout, String... command) {
        return new CanaryCommand(List.of(command), new CommandRunner("The [check] canary command", folder, timeout))
                .refusal(SITE, NODE, "10.0.0.11", 443, chain);
    }

    private Optional<String> shell(String script) {
        return run(Duration.ofMinutes(1), "sh", "-c", script);
    }

    @Test
    void tellsTheCommandWhatToTest() throws Exception {
        Path copy = folder.resolve("copy");

        assertThat(shell("echo $RINGCERT_SITE $RINGCERT_NODE $RINGCERT_ADDRESS >" + copy + "; cat $RINGCERT_CHAIN >>"
                        + copy + "; echo $RINGCERT_CHAIN >" + folder.resolve("name")))
                .isEmpty();

        assertThat(Files.readString(copy))
                .isEqualTo("www.example.org web1.example.org 10.0.0.11:443\n" + Pem.write(chain));
        assertThat(Path.of(Files.readString(folder.resolve("name")).strip())).doesNotExist();
    }

    @Test
    void refusesWithTheLastLineOfTheOutput() {
        assertThat(shell("echo first; echo 'our device says no'; echo; exit 1"))
                .contains("the [check] canary command refuses it: our device says no");
        assertThat(shell("exit 3")).contains("the [check] canary command refuses it with status 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 126", "exit 127", "exec /nonexistent"})
    void saysNothingIfItsProgramCannotBeRun(String script) {
        assertThat(shell(script)).isEmpty();
    }

    @Test
    void saysNothingWithoutAProgramOrIfItHangs() {
        assertThat(run(Duration.ofMinutes(1), folder.resolve("missing").toString()))
                .isEmpty();
        assertThat(run(Duration.ofMillis(50), "sleep", "600")).isEmpty();
        assertThat(run(Duration.ofMinutes(1))).isEmpty();
    }

    /** A renewal that waits for its turn looks at the canary again and again. */
    @Test
    void testsACertificateOnceThatItAccepts() throws Exception {
        Path count = folder.resolve("count");
        Path refuses = Files.createFile(folder.resolve("refuses"));
        CanaryCommand command = new CanaryCommand(
                List.of("sh", "-c", "echo $RINGCERT_NODE >>" + count + "; test ! -e " + refuses),
                new CommandRunner("The [check] canary command", folder, Duration.ofMinutes(1)));

        assertThat(command.refusal(SITE, NODE, "10.0.0.11", 443, chain)).isPresent();
        assertThat(command.refusal(SITE, NODE, "10.0.0.11", 443, chain)).isPresent();
        Files.delete(refuses);
        assertThat(command.refusal(SITE, NODE, "10.0.0.11", 443, chain)).isEmpty();
        assertThat(command.refusal(SITE, NODE, "10.0.0.11", 443, chain)).isEmpty();
        assertThat(Files.readAllLines(count)).hasSize(3);

        assertThat(command.refusal(SITE, new HostName("web2.example.org"), "10.0.0.12", 443, chain))
                .isEmpty();
        assertThat(Files.readAllLines(count)).hasSize(4).endsWith("web2.example.org");
    }
}
