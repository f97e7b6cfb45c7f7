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
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.NodeProcess;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * {@code ringcert status} as a process of its own, on disks that take nothing, and by users who may not see everything.
 */
class StatusStoreProblemsTest {

    private static final URI CA = URI.create("https://ca.example.net/dir");
    private static final HostName WWW = new HostName("www.example.org");

    @TempDir
    private Path ours;

    private Path folder;
    private Path store;

    private record Ran(int status, String said) {}

    @BeforeEach
    void installACertificate() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root mounts, and becomes another user");
        folder = Files.createDirectory(ours.resolve("open"));
        for (Path each : List.of(ours, folder)) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        store = folder.resolve("store");
        Files.writeString(folder.resolve("ringcert.toml"), """
                [[node]]
                name = "web0.example.org"
                [[site]]
                names = ["www.example.org"]
                [acme]
                directory = "%s"
                agree-to-terms = true
                [store]
                directory = "%s"
                """.formatted(CA, store));
        install(Duration.ZERO);
    }

    private void install(Duration age) throws StoreException {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        Instant begin = Instant.now().minus(age);
        Store.open(store, Clock.systemUTC())
                .install(
                        WWW,
                        key,
                        List.of(SelfSignedCertificate.of(key, List.of(WWW), begin, begin.plus(Duration.ofDays(90)))),
                        new Origin.Issued(CA, Optional.of(CA.resolve("/account/1")), Optional.empty()));
    }

    /** Runs it after what is to be done before, in a namespace of its own for mounts. */
    private Ran statusAfter(String script) throws Exception {
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

    private Ran run(List<String> command) throws Exception {
        try (ChildProcess process =
                ChildProcess.start("status", command, Map.of(), Files.createTempFile(folder, "said", ""))) {
            int status = process.awaitExit(Testbed.TIMEOUT);
            return new Ran(status, process.output());
        }
    }

    private Ran asNobody() throws Exception {
        UnprivilegedUser.Ran ran = UnprivilegedUser.run(status(), folder);
        return new Ran(ran.status(), ran.said());
    }

    @Test
    void aDiskThatIsWellIsNoTrouble() throws Exception {
        Ran ran = statusAfter(
                "mount -t tmpfs -o size=4m tmpfs /mnt && cp -a \"$store/.\" /mnt && mount --bind /mnt \"$store\"");
        assertThat(ran.said()).contains("good", "89 days");
        assertThat(ran.status()).isZero();
        try (Stream<Path> files = Files.walk(store)) {
            assertThat(files).noneMatch(file -> file.toString().contains(".tmp-"));
        }
    }

    @Test
    void aFullDiskIsSaid() throws Exception {
        Ran ran = statusAfter("""
                mount -t tmpfs -o size=1m tmpfs /mnt && cp -a "$store/." /mnt && mount --bind /mnt "$store"
                ! dd if=/dev/zero of=/mnt/fill bs=4k 2>/dev/null
                """);
        assertThat(ran.said()).contains("The store cannot be written", "No space left", "89 days");
        assertThat(ran.status()).isEqualTo(1);
    }

    @Test
    void aReadOnlyDiskIsSaidToWhoMayNotWriteAnywayToo() throws Exception {
        String readOnly = "mount --bind \"$store\" \"$store\" && mount -o remount,ro,bind \"$store\"";
        Ran ran = statusAfter(readOnly);
        assertThat(ran.said()).contains("The store cannot be written", "Read-only file system", "89 days");
        assertThat(ran.status()).isEqualTo(1);
    }

    @Test
    void aMonitoringUserSeesWhatEverybodyMayAndWhatNotAndABadCertificateIsOne() throws Exception {
        Ran good = asNobody();
        assertThat(good.said()).contains("89 days", "good", "This user may not see", "run this as root");
        assertThat(good.status()).isZero();

        install(Duration.ofDays(91));
        Ran bad = asNobody();
        assertThat(bad.said()).contains("expired", "overdue");
        assertThat(bad.status()).isEqualTo(1);
    }

    @Test
    void whereNothingCanBeSaidItIsNoBadCertificate() throws Exception {
        Path certificate = store.resolve("certs/www.example.org/fullchain.pem").toRealPath();
        Files.setPosixFilePermissions(certificate, PosixFilePermissions.fromString("rw-------"));
        Ran hidden = asNobody();
        assertThat(hidden.said()).contains("UNKNOWN", "run this as root").doesNotContain("no certificate yet");
        assertThat(hidden.status()).isEqualTo(2);

        for (String mode : List.of("rwx------", "rw-------")) {
            Files.setPosixFilePermissions(store, PosixFilePermissions.fromString(mode));
            Ran none = asNobody();
            assertThat(none.said()).contains("UNKNOWN").doesNotContain("root or as root");
            assertThat(none.status()).isEqualTo(2);
        }
    }
}
