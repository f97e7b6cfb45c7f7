package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.cli.CommandRun;
import org.ringcert.daemon.migration.Program;
import org.ringcert.demo.LocalCluster;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Store;

/** Takes over sites that have a certificate with an EC key and one with an RSA key, as each program makes them. */
@UsesPebble
class MovingTwoKindsInTest {

    private static final HostName WWW = new HostName("www.example.org");
    private static final CertificateName FIRST = CertificateName.first(WWW);
    private static final CertificateName SECOND = CertificateName.second(WWW, KeyAlgorithm.RSA);
    private static final String BOTH = "keys = [\"ec256\", \"rsa2048\"]";

    @TempDir
    private static Path folder;

    private static Testbed testbed;
    private static Installations installations;

    @TempDir
    private Path testFolder;

    @BeforeAll
    static void makeInstallations() throws Exception {
        RealDehydrated.assumeInstalled();
        RealCertbot.assumeInstalled();
        RealModMd.assumeInstalled();
        // Apache does not run as root, and by default only its owner may read the folder of a test.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        testbed = Testbed.start(
                folder,
                PebbleRelease.INSTALLED,
                options -> options.withRefusedNonces(0),
                1,
                "www.example.org example.org");
        testbed.cluster().move(0, 0);
        installations =
                Installations.makeWithTwoKinds(folder.resolve("before"), testbed.ca(), LocalCluster.loopback(1));
    }

    @AfterAll
    static void stop() throws IOException {
        if (testbed != null) {
            testbed.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSiteWithTwoKindsTakesOverBoth(Program program) throws Exception {
        Path configuration = configuration(BOTH);
        Map<String, String> original = Installations.snapshot(installations.of(program));

        CommandRun run = runImport(program, "--config", configuration);

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("www.example.org: taken over from ", " (ec256), good until ")
                .contains("www.example.org+rsa: taken over from ", " (rsa2048), good until ")
                .contains("www.example.org: next renewal ", "www.example.org+rsa: next renewal ")
                .doesNotContain("left out", "at once");
        assertThat(version(FIRST).keyType()).contains(KeyType.EC256);
        assertThat(version(SECOND).keyType()).contains(KeyType.RSA2048);
        assertThat(chains(program))
                .containsExactlyInAnyOrder(
                        version(FIRST).chain(), version(SECOND).chain());
        assertThat(Installations.snapshot(installations.of(program))).isEqualTo(original);

        CommandRun second = runImport(program, "--config", configuration);

        assertThat(second.err())
                .contains("www.example.org: the certificate in ", "www.example.org+rsa: the certificate in ")
                .doesNotContain("taken over from");
    }

    @ParameterizedTest
    @EnumSource
    void aSiteWithOneKindTakesThatKindAndSaysWhatItLeavesOut(Program program) throws Exception {
        CommandRun run = runImport(program, "--config", configuration("keys = [\"rsa2048\"]"));

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err())
                .contains(" (ec256) is left out: the configuration has one kind of keys for www.example.org")
                .contains("For both, write keys = [\"rsa2048\", \"ec256\"] there")
                .contains("www.example.org: next renewal ");
        assertThat(version(FIRST).keyType()).contains(KeyType.RSA2048);
        assertThat(store().current(SECOND)).isEmpty();
        assertThat(store().current(CertificateName.second(WWW, KeyAlgorithm.EC)))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void printsTheKeysThatTheSiteNeeds(Program program) throws Exception {
        CommandRun run = runImport(program);

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("""
                [[site]]
                names = ["www.example.org", "example.org"]
                keys = ["ec256", "rsa2048"]

                """);
        assertThat(run.err())
                .contains("www.example.org: renewed when due if [acme] has directory = \""
                        + testbed.ca().directory() + "\" and " + BOTH + ", else ordered again at once");
    }

    @ParameterizedTest
    @EnumSource
    void saysWhatThereIsNoCertificateFor(Program program) throws Exception {
        Path copy = Installations.copy(installations.of(program), testFolder.resolve("copy"));
        removeRsa(program, copy);

        CommandRun run = runImport(copy, program, "--config", configuration(BOTH));

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("www.example.org: next renewal ")
                .contains("www.example.org+rsa: there is none to take over. It will be ordered at once");
        assertThat(store().current(SECOND)).isEmpty();
    }

    private static void removeRsa(Program program, Path installation) throws IOException {
        switch (program) {
            case DEHYDRATED -> Files.writeString(installation.resolve("domains.txt"), "www.example.org example.org\n");
            case CERTBOT -> Files.delete(installation.resolve("renewal/www.example.org-rsa.conf"));
            case MOD_MD -> {
                Path domain = installation.resolve("domains/www.example.org");
                Files.delete(domain.resolve("pubcert.pem"));
                Files.delete(domain.resolve("privkey.pem"));
            }
        }
    }

    /** Returns the certificate chains of both kinds that the program has. */
    private static List<List<X509Certificate>> chains(Program program) throws IOException {
        Path installation = installations.of(program);
        List<Path> files = switch (program) {
            case DEHYDRATED ->
                List.of(
                        installation.resolve("certs/www.example.org/fullchain.pem"),
                        installation.resolve("certs/www-rsa/fullchain.pem"));
            case CERTBOT ->
                List.of(
                        installation.resolve("live/www.example.org/fullchain.pem"),
                        installation.resolve("live/www.example.org-rsa/fullchain.pem"));
            case MOD_MD ->
                List.of(
                        installation.resolve("domains/www.example.org/pubcert.secp256r1.pem"),
                        installation.resolve("domains/www.example.org/pubcert.pem"));
        };
        List<List<X509Certificate>> chains = new ArrayList<>();
        for (Path file : files) {
            chains.add(Pem.certificates(Files.readString(file)));
        }
        return chains;
    }

    /** Writes a configuration of the cluster with these keys. */
    private Path configuration(String keys) throws IOException {
        String text = Files.readString(testbed.cluster().configuration());
        return Files.writeString(
                testFolder.resolve("ringcert.toml"), text.replace("agree-to-terms", keys + "\nagree-to-terms"));
    }

    private CommandRun runImport(Program program, Object... more) {
        return runImport(installations.of(program), program, more);
    }

    private CommandRun runImport(Path installation, Program program, Object... more) {
        return CommandRun.of(Stream.concat(
                        Stream.of("import", program.label(), installation, "--store", testFolder.resolve("store")),
                        Stream.of(more))
                .toArray());
    }

    private CertificateVersion version(CertificateName name) throws Exception {
        return store().current(name).orElseThrow();
    }

    private Store store() throws Exception {
        return Store.open(testFolder.resolve("store"), Clock.systemUTC());
    }
}
