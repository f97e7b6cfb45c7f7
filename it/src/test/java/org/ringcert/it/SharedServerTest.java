package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.pki.Pem;
import org.ringcert.store.CertificateVersion;

/**
 * Other programs on a server of the cluster: ACME clients that order their own certificates, and a web server that runs
 * as another user.
 */
@UsesPebble
class SharedServerTest {

    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    @TempDir
    private static Path folder;

    private static Path webroot;
    private static Path wellKnown;
    private static Testbed testbed;

    /** Starts two servers. The other programs run on the first. */
    @BeforeAll
    static void start() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        webroot = Files.createDirectory(folder.resolve("webroot"));
        wellKnown = Files.createDirectory(folder.resolve("dehydrated"));
        // dehydrated gives up if a nonce is rejected.
        testbed = Testbed.start(
                folder, PebbleRelease.INSTALLED, options -> options.withRefusedNonces(0), 2, "www.example.org");
        testbed.editConfiguration(
                text -> text + "also = [\"%s/.well-known/acme-challenge\", \"%s\"]\n".formatted(webroot, wellKnown));
        testbed.startAllDaemons();
        Certificates.await(testbed, 0, 0);
    }

    @AfterAll
    static void stop() throws IOException {
        if (testbed != null) {
            testbed.close();
        }
    }

    /**
     * Creates a name for each server. For the first, the CA comes to the server that runs the other program; for the
     * second, it is redirected there.
     */
    private static String[] names(String prefix) throws IOException {
        String[] names = {prefix + "0.example.org", prefix + "1.example.org"};
        for (int node = 0; node < names.length; node++) {
            testbed.ca().setAddress(new HostName(names[node]), testbed.cluster().address(node));
        }
        return names;
    }

    private static void assertNames(Path certificates, String... names) throws Exception {
        assertThat(Pem.certificates(Files.readString(certificates.resolve("fullchain.pem")))
                        .getFirst()
                        .getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactlyInAnyOrder(names);
    }

    @Test
    void certbotGetsCertificatesFromAnyServer() throws Exception {
        RealCertbot.assumeInstalled();
        String[] names = names("mail");
        RealCertbot certbot = new RealCertbot(folder.resolve("certbot"), testbed.ca(), webroot);

        certbot.certonly(String.join(",", names));

        assertNames(certbot.certificates(names[0]), names);
    }

    @Test
    void dehydratedGetsCertificatesFromAnyServer() throws Exception {
        RealDehydrated.assumeInstalled();
        String[] names = names("list");
        RealDehydrated dehydrated =
                RealDehydrated.in(folder.resolve("dehydrated-own"), testbed.ca(), wellKnown, String.join(" ", names));

        dehydrated.register();
        dehydrated.cron();

        assertNames(dehydrated.certificates(names[0]), names);
    }

    @Test
    void theWebServersUserCanReadCertificatesAndChallengesButNoKey() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become www-data");
        assumeTrue(Files.isExecutable(SETPRIV), SETPRIV + " is not installed (Debian: util-linux)");
        CertificateVersion version = StoredVersion.verified(testbed, 0, 0);
        Path store = testbed.cluster().store(0);
        Path site = store.resolve("certs/www.example.org");
        String token = Tokens.unknown();
        Path secret = store.resolve("orders/www.example.org.lock");
        Tokens.publish(testbed, 0, token);

        for (Path readable :
                List.of(site.resolve("fullchain.pem"), site.resolve("chain.pem"), site.resolve("cert.pem"))) {
            assertThat(runAsWwwData("cat", readable)).as("%s", readable).isZero();
        }
        assertThat(readAnyChallenge(store)).as("a challenge of the daemon").isZero();
        assertThat(secret).exists();
        for (Path restricted : List.of(site.resolve("privkey.pem"), site.resolve("combined.pem"), secret)) {
            assertThat(runAsWwwData("cat", restricted)).as("%s", restricted).isOne();
        }
        for (Path restricted : List.of(store, store.resolve("accounts"), store.resolve("orders"))) {
            assertThat(runAsWwwData("ls", restricted)).as("%s", restricted).isEqualTo(2);
        }
        assertThat(runAsWwwData("touch", store.resolve("challenges/x"))).isOne();
        assertThat(version.directory()).exists();
    }

    private static int readAnyChallenge(Path store) throws IOException {
        try (var files = Files.list(store.resolve("challenges"))) {
            return runAsWwwData("cat", files.findFirst().orElseThrow());
        }
    }

    private static int runAsWwwData(String command, Path file) throws IOException {
        return ChildProcess.start(
                        command,
                        List.of(
                                SETPRIV.toString(),
                                "--reuid=www-data",
                                "--regid=www-data",
                                "--clear-groups",
                                "--",
                                command,
                                file.toString()),
                        Map.of(),
                        folder.resolve("www-data.log"))
                .awaitExit(Testbed.TIMEOUT);
    }
}
