package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.BuildVersion;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.store.Origin;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The exit status and output of commands, run in this process. */
class CommandLineTest {

    private static final URI CA = URI.create("http://127.0.0.1:1/dir");
    private static final HostName WWW = new HostName("www.example.org");
    private static final HostName SHOP = new HostName("shop.example.org");

    @TempDir
    private Path folder;

    @BeforeEach
    void configure() throws Exception {
        Files.writeString(folder.resolve("ringcert.toml"), """
                [[node]]
                name = "web0.example.org"
                listen = []
                [[node]]
                name = "web1.example.org"
                [[site]]
                names = ["www.example.org"]
                [[site]]
                names = ["shop.example.org"]
                [acme]
                directory = "%s"
                agree-to-terms = true
                """.formatted(CA));
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of((Object[]) arguments);
    }

    /** Runs a command as {@link #run} does, on web0 and with a store in the test's directory. */
    private CommandRun onNode(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--config", folder.resolve("ringcert.toml").toString(),
                "--node", "web0.example.org",
                "--store", folder.resolve("store").toString()));
        return run(all.toArray(String[]::new));
    }

    private Store store() throws StoreException {
        return Store.open(folder.resolve("store"), Clock.systemUTC());
    }

    private org.ringcert.store.CertificateVersion install(
            Store store, HostName site, Instant notBefore, Duration lifetime) throws StoreException {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        return store.install(
                site,
                key,
                List.of(SelfSignedCertificate.create(key, List.of(site), notBefore, notBefore.plus(lifetime))),
                new Origin.IssuedByCa(CA, Optional.of(CA.resolve("/account/1")), Optional.empty()));
    }

    @Test
    void versionAndHelpExitWith0() {
        assertThat(run("--version").status()).isZero();
        assertThat(run("--version").out()).contains("ringcert " + BuildVersion.CURRENT);
        CommandRun help = run("--help");
        assertThat(help.status()).isZero();
        assertThat(help.out()).contains("run", "renew", "status", "Exit status");
        for (String command : List.of("setup", "run", "renew", "status", "web", "import")) {
            assertThat(run(command, "--help").status()).isZero();
            assertThat(run(command, "--version").out()).contains("ringcert " + BuildVersion.CURRENT);
            assertThat(run("help", command).status()).isZero();
        }
        assertThat(run("renew", "--help").out()).contains("--force", "--dry-run", "--config", "--node", "--store");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--frce",
                "renwe",
                "renew --frce",
                "renew --force=maybe",
                "status --jsno",
                "run now",
                "web",
                "import",
                "import dehydrated",
                "import dehydrated /etc/dehydrated more",
                "setup --ca"
            })
    void wrongUsageExitsWith2AndIsReportedOnStandardError(String line) {
        CommandRun result = run(line.isEmpty() ? new String[0] : line.split(" ", -1));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).isNotBlank().doesNotContain("null", "defect", "bug in Ringcert");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void withoutTheDemosJarTheDemoIsNotListedAndSaysWhereItIs() {
        assertThat(run("--help").out()).doesNotContain("demo");
        for (String line : List.of("demo", "demo --nodes 5 --down web1", "demo web1")) {
            CommandRun result = run(line.split(" ", -1));
            assertThat(result.status()).isEqualTo(2);
            assertThat(result.err())
                    .isEqualTo("The demo is part of the source checkout: run ./ringcert demo there."
                            + System.lineSeparator());
            assertThat(result.out()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "renew", "renew --dry-run", "status"})
    void everyMistakeInTheFileIsReportedAndNoStoreIsCreated(String line) throws Exception {
        Path file = folder.resolve("ringcert.toml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("agree-to-terms = true", "agree-to-terms = false\nkye = \"ec256\"")
                        .replace("shop.example.org", "*.example.org"));

        CommandRun result = onNode(line.split(" ", -1));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("agree-to-terms", "kye", "did you mean", "wildcard");
        assertThat(result.out()).isEmpty();
        assertThat(folder.resolve("store")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "renew", "status"})
    void aMissingFileAnUnknownNodeAndABadCaFileExitWith2(String command) throws Exception {
        String file = folder.resolve("ringcert.toml").toString();
        String store = folder.resolve("store").toString();
        CommandRun missing = run(command, "--config", folder.resolve("no.toml").toString(), "--store", store);
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err()).contains("no.toml");
        CommandRun stranger = run(command, "--config", file, "--node", "web7.example.org", "--store", store);
        assertThat(stranger.status()).isEqualTo(2);
        assertThat(stranger.err()).contains("web7.example.org", "web0.example.org");

        for (String content : List.of("no PEM", "")) {
            Files.writeString(folder.resolve("ca.pem"), content);
            Files.writeString(
                    folder.resolve("ringcert.toml"),
                    Files.readString(folder.resolve("ringcert.toml"))
                            .replaceAll(
                                    "(ca-file.*)?\nagree", "\nca-file = \"" + folder.resolve("ca.pem") + "\"\nagree"));
            CommandRun noPem = onNode(command);
            assertThat(noPem.status()).isEqualTo(2);
            assertThat(noPem.err()).contains("ca.pem").matches("(?s).*ringcert.toml:\\d+:1: `ca-file`.*");
        }
        assertThat(folder.resolve("store")).doesNotExist();
    }

    @Test
    void anUnknownSiteExitsWith2AndTheSitesAreListed() {
        for (String site : List.of("nothing.example.org", "*.example.org", "-")) {
            CommandRun result = onNode("renew", site);
            assertThat(result.status()).isEqualTo(2);
            assertThat(result.err()).contains(site);
        }
        assertThat(onNode("renew", "nothing.example.org").err()).contains("www.example.org", "shop.example.org");
        assertThat(folder.resolve("store")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"renew --dry-run", "status", "status --json"})
    void keysWithoutEffectAreReportedOnStandardErrorOnly(String line) throws Exception {
        CommandRun without = onNode(line.split(" ", -1));
        Files.writeString(
                folder.resolve("ringcert.toml"), "[admin]\nlisten = \"127.0.0.1:9402\"\n", StandardOpenOption.APPEND);

        CommandRun with = onNode(line.split(" ", -1));

        assertThat(without.err()).isEmpty();
        assertThat(with.err())
                .isEqualToNormalizingNewlines(
                        folder.resolve("ringcert.toml") + ":13:1: [admin] has no effect yet in this version\n");
        assertThat(with.status()).isEqualTo(without.status());
        assertThat(with.out()).doesNotContain("admin");
        if (line.endsWith("--json")) {
            assertThat(JsonMapper.shared().readTree(with.out()).path("node").asString())
                    .isEqualTo("web0.example.org");
        }
    }

    @Test
    void anUnusableStoreExitsWith1AndIsNamed() throws Exception {
        Files.writeString(folder.resolve("store"), "a file");

        for (String command : List.of("renew", "status")) {
            CommandRun result = onNode(command);
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err())
                    .contains(folder.resolve("store").toString())
                    .doesNotContain("defect", "bug in Ringcert");
        }
    }

    @Test
    void statusOfAnEmptyStoreSaysWhatToDo() {
        CommandRun result = onNode("status");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .contains("web0.example.org", "no certificate yet", "ringcert renew")
                .doesNotContain("in the configuration");
        JsonNode json = JsonMapper.shared().readTree(onNode("status", "--json").out());
        assertThat(json.path("node").asString()).isEqualTo("web0.example.org");
        assertThat(json.path("sites")).hasSize(2);
        assertThat(json.path("sites").path(0).path("good").asBoolean()).isFalse();
        assertThat(json.path("sites").path(0).has("issuer")).isFalse();
        assertThat(json.path("sites").path(0).path("troubles")).hasSize(1);
        assertThat(json.path("notConfigured")).isEmpty();
    }

    @Test
    void goodCertificatesAreGoodInTextAndJson() throws Exception {
        Store store = store();
        Instant now = Instant.now();
        var www = install(store, WWW, now, Duration.ofDays(90));
        install(store, SHOP, now, Duration.ofDays(90));

        CommandRun text = onNode("status");
        assertThat(text.status()).isZero();
        assertThat(text.out())
                .contains("www.example.org", "shop.example.org", "good", "89")
                .doesNotContain("SEE BELOW");
        CommandRun result = onNode("status", "--json");
        assertThat(result.status()).isZero();
        JsonNode json = JsonMapper.shared().readTree(result.out()).path("sites").path(0);
        assertThat(json.path("site").asString()).isEqualTo("www.example.org");
        assertThat(json.path("names").path(0).asString()).isEqualTo("www.example.org");
        assertThat(json.path("good").asBoolean()).isTrue();
        assertThat(json.path("serial").asString())
                .isEqualTo(www.leaf().getSerialNumber().toString(16));
        assertThat(Instant.parse(json.path("notAfter").asString())).isEqualTo(www.notAfter());
        assertThat(Instant.parse(json.path("nextRenewal").asString()))
                .isEqualTo(www.notAfter().minus(Duration.ofDays(30)));
        assertThat(json.path("directory").asString()).isEqualTo(www.directory().toString());
        assertThat(json.path("troubles")).isEmpty();
    }

    @Test
    void problemsExitWith1AndShowTheReason() throws Exception {
        Store store = store();
        Instant now = Instant.now();
        install(store, WWW, now.minus(Duration.ofDays(91)), Duration.ofDays(90));
        store.saveProgress(
                WWW,
                Progress.NONE.withFailure(
                        new Progress.Failure(3, now, now.plus(Duration.ofMinutes(100)), "The CA says: no route")));
        install(store, SHOP, now, Duration.ofDays(90));
        store.saveProgress(
                SHOP,
                Progress.NONE.withPendingDeployment(new Progress.PendingTask(
                        2, now, now.plus(Duration.ofMinutes(10)), "status 3. apache2 is ill")));

        CommandRun result = onNode("status");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .contains("www.example.org: failed 3 times in a row", "The CA says: no route")
                .contains("www.example.org: its certificate has expired")
                .contains(
                        "shop.example.org: its new certificate is installed but could not be deployed",
                        "apache2 is ill");
        JsonNode json = JsonMapper.shared().readTree(onNode("status", "--json").out());
        assertThat(json.path("sites").path(0).path("troubles")).hasSize(2);
        assertThat(json.path("sites").path(1).path("good").asBoolean()).isFalse();
    }

    @Test
    void aDamagedCertificateIsReportedAndTheOtherSitesAreShown() throws Exception {
        Store store = store();
        var www = install(store, WWW, Instant.now(), Duration.ofDays(90));
        install(store, SHOP, Instant.now(), Duration.ofDays(90));
        Files.writeString(www.directory().resolve("fullchain.pem"), "no PEM");

        CommandRun result = onNode("status");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).contains("fullchain.pem", "shop.example.org", "good");
    }

    @Test
    void damagedProgressIsReportedAndTheOtherSitesAreShown() throws Exception {
        Store store = store();
        install(store, WWW, Instant.now(), Duration.ofDays(90));
        install(store, SHOP, Instant.now(), Duration.ofDays(90));
        Files.writeString(folder.resolve("store/orders/www.example.org.json"), "{");

        CommandRun result = onNode("status");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).contains("www.example.org.json", "shop.example.org", "good");
    }

    @Test
    void aSiteRemovedFromTheFileIsListedAndIsNoProblem() throws Exception {
        Store store = store();
        install(store, WWW, Instant.now(), Duration.ofDays(90));
        install(store, SHOP, Instant.now(), Duration.ofDays(90));
        install(store, new HostName("old.example.org"), Instant.now(), Duration.ofDays(90));

        CommandRun result = onNode("status");

        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("No longer in the configuration", "old.example.org");
        JsonNode json = JsonMapper.shared().readTree(onNode("status", "--json").out());
        assertThat(json.path("notConfigured").path(0).asString()).isEqualTo("old.example.org");
    }

    @Test
    void aDryRunSaysWhatWouldBeOrderedAndWhyAndConnectsToNobody() throws Exception {
        Store store = store();
        Instant now = Instant.now();
        install(store, WWW, now, Duration.ofDays(90));

        CommandRun result = onNode("renew", "--dry-run");
        assertThat(result.status()).isZero();
        assertThat(result.out())
                .contains("www.example.org: not due until")
                .contains("shop.example.org: would be ordered: there is no certificate yet");
        assertThat(onNode("renew", "--dry-run", "--force", "www.example.org").out())
                .contains("www.example.org: would be ordered, though not due until")
                .doesNotContain("shop");

        Instant next = now.plus(Duration.ofMinutes(10));
        store.saveProgress(SHOP, Progress.NONE.withFailure(new Progress.Failure(2, now, next, "no route")));
        assertThat(onNode("renew", "--dry-run").out()).contains("not before " + next);
        assertThat(store.sites()).containsExactly(WWW);
        assertThat(store.account(CA)).isEmpty();
    }

    @Test
    void anUnreachableCaExitsWith1AndTheOldCertificateStays() throws Exception {
        var previous = install(store(), WWW, Instant.now().minus(Duration.ofDays(80)), Duration.ofDays(90));

        CommandRun result = onNode("renew");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).contains("www.example.org: failed", "shop.example.org: failed", "127.0.0.1");
        assertThat(store().current(WWW).orElseThrow().leaf()).isEqualTo(previous.leaf());
        CommandRun again = onNode("renew");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.out()).contains("failed once, last at ", "next try after ", "--force");
    }

    @Test
    void prepareMakesWhatAWebServerNeedsEvenWithoutTheCa() throws Exception {
        var www = install(store(), WWW, Instant.now(), Duration.ofDays(90));

        CommandRun result = onNode("renew", "--prepare");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .contains("www.example.org: has a certificate, valid until " + www.notAfter())
                .contains("shop.example.org: has a self-signed certificate")
                .contains("There is no account at " + CA + " yet.", "127.0.0.1");
        assertThat(store().current(WWW).orElseThrow().leaf()).isEqualTo(www.leaf());
        assertThat(store().current(SHOP).orElseThrow().origin()).isInstanceOf(Origin.SelfSigned.class);
        assertThat(store().progress(SHOP)).isEqualTo(Progress.NONE);
        assertThat(onNode("renew", "--prepare", "--force").status()).isEqualTo(2);
        assertThat(onNode("renew", "--prepare", "--dry-run").err()).contains("--prepare orders nothing");
    }

    @Test
    void prepareSkipsALockedSite() throws Exception {
        try (Store.Lock _ = store().tryLock(SHOP).orElseThrow()) {
            assertThat(onNode("renew", "--prepare").out()).contains("shop.example.org: skipped");
        }
    }
}
