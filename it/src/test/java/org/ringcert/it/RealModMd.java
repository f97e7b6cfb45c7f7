package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.TestCa;

/**
 * A real Apache whose mod_md orders from a test CA.
 *
 * @param folder for all of its files
 * @param address where it listens for the CA
 */
record RealModMd(Path folder, TestCa ca, InetAddress address) {

    private static final Path PROGRAM = Path.of("/usr/sbin/apache2");
    private static final Path MODULE = Path.of("/usr/lib/apache2/modules/mod_md.so");

    /** Skips the test if the program is not installed. */
    static void assumeInstalled() {
        assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not installed (Debian: apache2)");
        assumeTrue(Files.exists(MODULE), MODULE + " is not installed (Debian: apache2)");
    }

    /** Returns the folder that is otherwise /etc/apache2/md. */
    Path store() {
        return folder.resolve("md");
    }

    /** Returns the folder with the current files of a site. */
    Path certificates(String site) {
        return store().resolve("domains").resolve(site);
    }

    /**
     * Runs Apache until it serves new certificates for all sites, then stops it.
     *
     * @param domains the {@code MDomain} lines of its configuration
     */
    void order(String domains, String... sites) throws IOException {
        Files.createDirectories(folder);
        // Apache's child processes do not run as root.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.copy(ca.caFile(), folder.resolve("ca.pem"));
        Path configuration = folder.resolve("apache.conf");
        Files.writeString(configuration, configuration(domains));
        try (ChildProcess apache = ChildProcess.start(
                "apache2",
                List.of(PROGRAM.toString(), "-f", configuration.toString(), "-DFOREGROUND"),
                Map.of(),
                folder.resolve("apache.log"))) {
            try {
                awaitAll(apache, this::isFinished, sites);
                apache.signal("USR1");
                awaitAll(apache, this::hasCertificate, sites);
            } finally {
                // If it were killed, its child processes would keep the port.
                apache.terminate();
                apache.awaitExit(Testbed.TIMEOUT);
            }
        }
    }

    private interface SiteCondition {
        boolean isTrue(String site) throws IOException;
    }

    private void awaitAll(ChildProcess apache, SiteCondition condition, String... sites) throws IOException {
        for (String site : sites) {
            try {
                await(site).atMost(Testbed.TIMEOUT).until(() -> !apache.isAlive() || condition.isTrue(site));
            } catch (ConditionTimeoutException e) {
                throw new AssertionError(errors(), e);
            }
            assertThat(apache.isAlive()).as(apache.output() + errors()).isTrue();
        }
    }

    private String errors() throws IOException {
        Path log = folder.resolve("error.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private boolean isFinished(String site) throws IOException {
        Path job = store().resolve("staging").resolve(site).resolve("job.json");
        return Files.exists(job) && Files.readString(job).contains("\"finished\": true");
    }

    private boolean hasCertificate(String site) throws IOException {
        try (Stream<Path> files = Files.list(certificates(site))) {
            return files.anyMatch(file -> String.valueOf(file.getFileName()).startsWith("pubcert"));
        } catch (NoSuchFileException e) {
            // mod_md moves the old folder away before it moves the new one there.
            return false;
        }
    }

    private String configuration(String domains) {
        String modules = Stream.of("mpm_event", "authz_core", "socache_shmcb", "ssl", "md")
                .map(name -> "LoadModule %s_module %s/mod_%s.so\n".formatted(name, MODULE.getParent(), name))
                .reduce("", String::concat);
        String user = System.getProperty("user.name").equals("root") ? "User www-data\nGroup www-data\n" : "";
        return modules + user + """
                ServerRoot "%1$s"
                DefaultRuntimeDir "%1$s"
                PidFile "%1$s/apache.pid"
                ServerName web3.example.org
                ErrorLog "%1$s/error.log"
                LogLevel warn md:info
                Listen %2$s:%3$d
                MDCertificateAuthority %4$s
                MDCACertificateFile "%1$s/ca.pem"
                MDCertificateAgreement accepted
                MDContactEmail hostmaster@example.org
                MDPortMap 80:%3$d
                MDCAChallenges http-01
                MDRenewMode always
                MDStapling off
                %5$s
                """.formatted(folder, address.getHostAddress(), ca.httpPort(), ca.directory(), domains);
    }
}
