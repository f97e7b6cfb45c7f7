package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.NodeProcess;
import org.ringcert.it.CommandResult;
import org.ringcert.it.Testbed;
import org.ringcert.it.UnprivilegedUser;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.pki.SerialNumber;
import org.ringcert.pki.TestAuthority;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import tools.jackson.databind.JsonNode;

/** {@code ringcert status --all} as a process, in a cluster where each server has something else wrong. */
class StatusAllTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final URI CA = URI.create("https://ca.example.net/directory");
    private static final Duration LIFETIME = Duration.ofDays(90);

    private final FlawedServers servers = new FlawedServers();
    private final Map<String, String> https = new LinkedHashMap<>();
    private final KeyPair key = KeyType.EC256.generate(new SecureRandom());
    private final Instant now = Instant.now();
    private final TestAuthority root = TestAuthority.root("Own Root", now);
    private final TestAuthority ca = root.intermediate("Own CA");

    @TempDir
    private Path folder;

    private List<X509Certificate> onDisk = List.of();

    @BeforeEach
    void install() throws Exception {
        onDisk = issued(ca, SITE, Duration.ofDays(1));
        Store.open(folder.resolve("store"), Clock.systemUTC())
                .install(
                        CertificateName.first(SITE),
                        key,
                        onDisk,
                        new Origin.IssuedByCa(CA, Optional.of(CA.resolve("/account/1")), Optional.empty()));
        https.put("good", servers.start(key, onDisk));
    }

    @AfterEach
    void stopServers() throws Exception {
        servers.close();
    }

    private List<X509Certificate> issued(TestAuthority issuer, HostName name, Duration age) {
        Instant notBefore = now.minus(age);
        return List.of(
                issuer.leaf(key.getPublic(), List.of(name), notBefore, notBefore.plus(LIFETIME)), issuer.certificate());
    }

    private void startFlawedServers() throws Exception {
        https.put("expired", servers.start(key, issued(ca, SITE, LIFETIME.plusDays(3))));
        https.put("other", servers.start(key, issued(ca, new HostName("other.example.org"), Duration.ofDays(2))));
        TestAuthority strangeCa = TestAuthority.root("Strange Root", now).intermediate("Strange CA");
        https.put(
                "own",
                servers.start(key, List.of(SelfSignedCertificate.create(key, List.of(SITE), now, now.plus(LIFETIME)))));
        https.put("unknown", servers.start(key, issued(strangeCa, SITE, Duration.ofDays(2))));
        https.put(
                "short", servers.start(key, issued(ca, SITE, Duration.ofDays(2)).subList(0, 1)));
        https.put("dead", FlawedServers.refusing());
        https.put("silent", servers.startSilent());
        https.put("down", servers.startUnreachable());
    }

    private List<String> command(String self, String authority, String... options) throws Exception {
        StringBuilder text = new StringBuilder();
        https.forEach((node, address) ->
                text.append("[[node]]\nname = \"%s.example.org\"\nhttps = \"%s\"\n".formatted(node, address)));
        Files.writeString(folder.resolve("ca.pem"), Pem.write(List.of(root.certificate())));
        text.append("[[site]]\nnames = [\"%s\"]\n[acme]\n%s\nagree-to-terms = true\n[store]\ndirectory = \"%s\"\n"
                .formatted(SITE, authority, folder.resolve("store")));
        Path configuration = Files.writeString(folder.resolve("ringcert.toml"), text);
        List<String> arguments = new ArrayList<>(
                List.of("status", "--config", configuration.toString(), "--node", self + ".example.org"));
        arguments.addAll(List.of(options));
        return NodeProcess.java(List.of(), "org.ringcert.daemon.cli.Ringcert", arguments);
    }

    private String ownCa() {
        return "directory = \"%s\"\nca-file = \"%s\"".formatted(CA, folder.resolve("ca.pem"));
    }

    private ChildProcess start(List<String> command) throws Exception {
        return ChildProcess.start("status", command, Map.of(), Files.createTempFile(folder, "output", ""));
    }

    private CommandResult status(String self, String authority, String... options) throws Exception {
        try (ChildProcess process = start(command(self, authority, options))) {
            int status = process.awaitExit(Testbed.TIMEOUT);
            return new CommandResult(status, process.output());
        }
    }

    @Test
    void showsWhatIsWrongAtEachServerAndCountsPeersOnlyIfStrict() throws Exception {
        startFlawedServers();
        CommandResult result = status("good", ownCa(), "--all");
        assertThat(result.output())
                .containsSubsequence("Certificates of good.example.org", "What visitors get", "SITE")
                .containsPattern(
                        "www\\.example\\.org  88 d  expired  wrong name  self-signed  87 d\\*  +no chain  refused  no TLS  down\n")
                .contains("failure  www.example.org at expired.example.org: The certificate expired 3 days ago.")
                .contains("warning  www.example.org at unknown.example.org: This system does not trust the root")
                .contains("warning  www.example.org at short.example.org: The web server does not send")
                .contains("1 certificates at 9 servers: 1 good, 2 with a warning (* after the time), 6 with a failure")
                .doesNotContain("\u001b");
        assertThat(result.status()).isZero();

        CommandResult strict = status("good", ownCa(), "--strict", "--json");
        StatusDocument document = StatusDocument.of(strict.output());
        assertThat(strict.status()).isEqualTo(1);
        assertThat(document.flaws("good.example.org", "www.example.org")).isEmpty();
        assertThat(document.flaws("expired.example.org", "www.example.org")).containsExactly("expired");
        assertThat(document.flaws("other.example.org", "www.example.org")).containsExactly("wrong-name");
        assertThat(document.flaws("own.example.org", "www.example.org")).containsExactly("self-signed");
        assertThat(document.flaws("unknown.example.org", "www.example.org")).containsExactly("root-not-trusted");
        assertThat(document.flaws("short.example.org", "www.example.org")).containsExactly("chain-incomplete");
        assertThat(document.flaws("dead.example.org", "www.example.org")).containsExactly("refused");
        assertThat(document.flaws("silent.example.org", "www.example.org")).containsExactly("handshake-failed");
        assertThat(document.flaws("down.example.org", "www.example.org")).containsExactly("unreachable");
        JsonNode good = document.cell("good.example.org", "www.example.org");
        assertThat(good.path("serial").asString()).isEqualTo(SerialNumber.of(onDisk.getFirst()));
        assertThat(good.path("issuer").asString()).isEqualTo("Own CA");
        assertThat(document.root().path("sites").path(0).path("good").asBoolean())
                .isTrue();
    }

    @Test
    void countsAFailureAtThisServer() throws Exception {
        https.put("expired", servers.start(key, issued(ca, SITE, LIFETIME.plusDays(3))));
        // Its store is good. Only visitors see that the web server has not been reloaded.
        CommandResult result = status("expired", ownCa(), "--all");
        assertThat(result.output()).contains("expired\n", "The store has a newer certificate");
        assertThat(result.status()).isEqualTo(1);
        assertThat(status("expired", ownCa()).status()).isZero();
    }

    @Test
    void warnsOfACertificateThatIsOlderThanOnDisk() throws Exception {
        https.put("late", servers.start(key, issued(ca, SITE, Duration.ofDays(40))));
        CommandResult result = status("late", ownCa(), "--all");
        assertThat(result.output())
                .containsPattern("www\\.example\\.org  88 d  old\n")
                .contains("warning  www.example.org at late.example.org: The store has a newer certificate");
        assertThat(result.status()).isZero();
    }

    @Test
    void aUserWhoMayNotReadTheStoreSeesWhatVisitorsGet() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become another user");
        https.put("dead", FlawedServers.refusing());
        List<String> command = command("good", ownCa(), "--all");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(folder.resolve("store"), PosixFilePermissions.fromString("rwx------"));

        CommandResult result = UnprivilegedUser.run(command, folder);

        assertThat(result.output())
                .contains("run this as root")
                .containsPattern("www\\.example\\.org  88 d  refused\n")
                .contains("1 certificates at 2 servers: 1 good");
        assertThat(result.status()).isEqualTo(2);
    }

    @Test
    void failsForAnUnknownRootIfTheCaIsPublic() throws Exception {
        CommandResult result = status("good", "directory = \"letsencrypt\"", "--all");
        assertThat(result.output()).containsPattern("www\\.example\\.org  untrusted\n");
        assertThat(result.status()).isEqualTo(1);

        CommandResult staging = status("good", "directory = \"letsencrypt-staging\"", "--all");
        assertThat(staging.output()).containsPattern("www\\.example\\.org  88 d\\*\n");
    }

    @Test
    void watchesUntilItIsInterruptedAndEndsWithTheLastStatus() throws Exception {
        startFlawedServers();
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(command("good", ownCa(), "--watch", "--strict", "--json"));
        try (ChildProcess process = start(command)) {
            List<String> lines = new ArrayList<>();
            process.awaitLine(
                    line -> {
                        lines.add(line);
                        return lines.stream()
                                        .filter(each -> each.startsWith("{"))
                                        .distinct()
                                        .count()
                                >= 2;
                    },
                    Testbed.TIMEOUT);
            process.signal("INT");
            assertThat(process.awaitExit(Testbed.TIMEOUT)).isEqualTo(1);
            assertThat(process.output().lines())
                    .allSatisfy(line -> assertThat(
                                    StatusDocument.of(line).root().path("nodes").size())
                            .isEqualTo(9));
        }
    }
}
