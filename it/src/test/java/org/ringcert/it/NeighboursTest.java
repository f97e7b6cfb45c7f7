package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.demo.ChildProcess;
import org.ringcert.pki.Pem;
import org.ringcert.store.Version;

/** What else runs on a server of the cluster: other ACME programs with certificates of their own, and a web server with an account of its own. */
class NeighboursTest {

    private static final Path CERTBOT = Path.of("/usr/bin/certbot");
    private static final Path DEHYDRATED = Path.of("/usr/bin/dehydrated");
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    @TempDir
    private static Path folder;

    private static Path webroot;
    private static Path wellKnown;
    private static Lab lab;

    /** Two servers; the other programs run on the first. */
    @BeforeAll
    static void start() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        webroot = Files.createDirectory(folder.resolve("webroot"));
        wellKnown = Files.createDirectory(folder.resolve("dehydrated"));
        // dehydrated gives up where a nonce is refused
        lab = Lab.start(folder, RealCa.USUAL, options -> options.withRefusedNonces(0), 2, "www.example.org");
        lab.configure(
                text -> text + "also = [\"%s/.well-known/acme-challenge\", \"%s\"]\n".formatted(webroot, wellKnown));
        lab.runAll();
        Certificates.await(lab, 0, 0);
    }

    @AfterAll
    static void stop() throws IOException {
        if (lab != null) {
            lab.close();
        }
    }

    /** The names lead to either server: the CA comes to the one that the program is on, or is sent there. */
    private static String[] names(String first) throws IOException {
        String[] names = {first + "0.example.org", first + "1.example.org"};
        for (int node = 0; node < names.length; node++) {
            lab.ca().setAddress(new HostName(names[node]), lab.cluster().address(node));
        }
        return names;
    }

    private static void run(Path program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        ChildProcess process = ChildProcess.start(
                String.valueOf(program.getFileName()),
                command,
                Map.of("REQUESTS_CA_BUNDLE", lab.ca().caFile().toString()),
                folder.resolve(program.getFileName() + ".log"));
        assertThat(process.awaitExit(Lab.LONG)).as(process.output()).isZero();
    }

    private static void isForAllOf(Path chain, String... names) throws Exception {
        assertThat(Pem.certificates(Files.readString(chain)).getFirst().getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactlyInAnyOrder(names);
    }

    @Test
    void certbotOrdersForNamesOfItsOwn_whicheverServerTheyLeadTo() throws Exception {
        assumeTrue(Files.isExecutable(CERTBOT), CERTBOT + " is not installed (Debian: certbot)");
        String[] names = names("mail");
        Path own = folder.resolve("certbot");

        run(
                CERTBOT,
                "certonly",
                "--non-interactive",
                "--agree-tos",
                "--register-unsafely-without-email",
                "--webroot",
                "--webroot-path",
                webroot.toString(),
                "--server",
                lab.ca().directory().toString(),
                "--config-dir",
                own.resolve("config").toString(),
                "--work-dir",
                own.resolve("work").toString(),
                "--logs-dir",
                own.resolve("logs").toString(),
                "--domains",
                String.join(",", names));

        isForAllOf(own.resolve("config/live/" + names[0] + "/fullchain.pem"), names);
    }

    @Test
    void dehydratedOrdersForNamesOfItsOwn_whicheverServerTheyLeadTo() throws Exception {
        assumeTrue(Files.isExecutable(DEHYDRATED), DEHYDRATED + " is not installed (Debian: dehydrated)");
        String[] names = names("list");
        Path own = Files.createDirectory(folder.resolve("dehydrated-own"));
        Path config = own.resolve("config");
        Files.writeString(config, """
                CA="%s"
                BASEDIR="%s"
                WELLKNOWN="%s"
                KEY_ALGO=prime256v1
                ACCOUNT_KEYSIZE=2048
                CURL_OPTS="--cacert %s"
                """.formatted(
                        lab.ca().directory(), own, wellKnown, lab.ca().caFile()));
        Files.writeString(own.resolve("domains.txt"), String.join(" ", names) + "\n");

        run(DEHYDRATED, "--config", config.toString(), "--register", "--accept-terms");
        run(DEHYDRATED, "--config", config.toString(), "--cron");

        isForAllOf(own.resolve("certs/" + names[0] + "/fullchain.pem"), names);
    }

    @Test
    void theWebServersUserReadsCertificatesAndChallenges_andNoKey() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become www-data");
        assumeTrue(Files.isExecutable(SETPRIV), SETPRIV + " is not installed (Debian: util-linux)");
        Version version = Stored.good(lab, 0, 0);
        Path store = lab.cluster().store(0);
        Path site = store.resolve("certs/www.example.org");
        String token = Tokens.unknown();
        Path secret = store.resolve("orders/www.example.org.lock");
        Tokens.publish(lab, 0, token);

        for (Path open : List.of(site.resolve("fullchain.pem"), site.resolve("chain.pem"), site.resolve("cert.pem"))) {
            assertThat(wwwData("cat", open)).as("%s", open).isZero();
        }
        assertThat(challenge(store)).as("a challenge of the daemon's own").isZero();
        assertThat(secret).exists();
        for (Path shut : List.of(site.resolve("privkey.pem"), site.resolve("combined.pem"), secret)) {
            assertThat(wwwData("cat", shut)).as("%s", shut).isOne();
        }
        for (Path shut : List.of(store, store.resolve("accounts"), store.resolve("orders"))) {
            assertThat(wwwData("ls", shut)).as("%s", shut).isEqualTo(2);
        }
        assertThat(wwwData("touch", store.resolve("challenges/x"))).isOne();
        assertThat(version.directory()).exists();
    }

    private static int challenge(Path store) throws IOException {
        try (var files = Files.list(store.resolve("challenges"))) {
            return wwwData("cat", files.findFirst().orElseThrow());
        }
    }

    private static int wwwData(String command, Path file) throws IOException {
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
                .awaitExit(Lab.LONG);
    }
}
