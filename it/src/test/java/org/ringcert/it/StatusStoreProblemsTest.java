package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.SmallConfiguration;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.NodeProcess;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** {@code ringcert status} as a process, on disks that cannot be written and for users who cannot read everything. */
class StatusStoreProblemsTest {

    private static final URI CA = URI.create("https://ca.example.net/dir");
    private static final HostName WWW = new HostName("www.example.org");

    @TempDir
    private Path parent;

    private Path folder;
    private Path store;

    @BeforeEach
    void installCertificate() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "only root can mount file systems and become another user");
        folder = Files.createDirectory(parent.resolve("readable"));
        for (Path each : List.of(parent, folder)) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        store = folder.resolve("store");
        Files.writeString(
                folder.resolve("ringcert.toml"),
                SmallConfiguration.text(List.of("web0.example.org"), CA) + """
                [store]
                directory = "%s"
                """.formatted(store));
        install(Duration.ZERO);
    }

    private void install(Duration age) throws StoreException {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        Instant notBefore = Instant.now().minus(age);
        Store.open(store, Clock.systemUTC())
                .install(
                        CertificateName.first(WWW),
                        key,
                        List.of(SelfSignedCertificate.create(
                                key, List.of(WWW), notBefore, notBefore.plus(Duration.ofDays(90)))),
                        new Origin.IssuedByCa(CA, Optional.of(CA.resolve("/account/1")), Optional.empty()));
    }

    /** Runs {@code status} after a shell script, in a mount namespace of its own. */
    private CommandResult statusAfter(String script) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("unshare", "-m", "sh", "-euc", script + "\nexec \"$@\"", "status", store.toString()));
        command.set(4, "store=$1; shift; " + command.get(4));
        command.addAll(status());
        return run(command);
    }

    private List<String> status() {
        return NodeProcess.java(
                List.of(),
                "org.ringcert.daemon.cli.Ringcert",
                List.of(
                        "status",
                        "--config",
                        folder.resolve("ringcert.toml").toString(),
                        "--node",
                        "web0.example.org"));
    }

    private CommandResult run(List<String> command) throws Exception {
        try (ChildProcess process =
                ChildProcess.start("status", command, Map.of(), Files.createTempFile(folder, "output", ""))) {
            int status = process.awaitExit(Testbed.TIMEOUT);
            return new CommandResult(status, process.output());
        }
    }

    private CommandResult statusAsNobody() throws Exception {
        return UnprivilegedUser.run(status(), folder);
    }

    @Test
    void reportsNoProblemOnAGoodDisk() throws Exception {
        CommandResult result = statusAfter(
                "mount -t tmpfs -o size=4m tmpfs /mnt && cp -a \"$store/.\" /mnt && mount --bind /mnt \"$store\"");
        assertThat(result.output()).contains("good", "89 days");
        assertThat(result.status()).isZero();
        try (Stream<Path> files = Files.walk(store)) {
            assertThat(files).noneMatch(file -> file.toString().contains(".tmp-"));
        }
    }

    @Test
    void reportsAFullDisk() throws Exception {
        CommandResult result = statusAfter("""
                mount -t tmpfs -o size=1m tmpfs /mnt && cp -a "$store/." /mnt && mount --bind /mnt "$store"
                ! dd if=/dev/zero of=/mnt/fill bs=4k 2>/dev/null
                """);
        assertThat(result.output()).contains("The store cannot be written", "No space left", "89 days");
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void reportsAReadOnlyDisk() throws Exception {
        String readOnly = "mount --bind \"$store\" \"$store\" && mount -o remount,ro,bind \"$store\"";
        CommandResult result = statusAfter(readOnly);
        assertThat(result.output()).contains("The store cannot be written", "Read-only file system", "89 days");
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void showsAMonitoringUserCertificatesAndTheirProblems() throws Exception {
        CommandResult good = statusAsNobody();
        assertThat(good.output())
                .contains("89 days", "good", "This user is not allowed to see the accounts, ", "run this as root");
        assertThat(good.output()).as("accounts are not readable").doesNotContain("account at", "notes");
        assertThat(good.status()).isZero();

        install(Duration.ofDays(91));
        CommandResult bad = statusAsNobody();
        assertThat(bad.output()).contains("expired", "overdue");
        assertThat(bad.status()).isEqualTo(1);
    }

    @Test
    void exitsWithTwoIfTheUserCannotReadTheCertificate() throws Exception {
        Path certificate = store.resolve("certs/www.example.org/fullchain.pem").toRealPath();
        Files.setPosixFilePermissions(certificate, PosixFilePermissions.fromString("rw-------"));
        CommandResult hidden = statusAsNobody();
        assertThat(hidden.output()).contains("UNKNOWN", "run this as root").doesNotContain("no certificate yet");
        assertThat(hidden.status()).isEqualTo(2);

        for (String mode : List.of("rwx------", "rw-------")) {
            Files.setPosixFilePermissions(store, PosixFilePermissions.fromString(mode));
            CommandResult nothing = statusAsNobody();
            assertThat(nothing.output()).contains("UNKNOWN").doesNotContain("root or as root");
            assertThat(nothing.status()).isEqualTo(2);
        }
    }
}
