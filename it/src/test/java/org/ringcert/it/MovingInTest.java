package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.cli.Ringcert;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.migration.Program;
import org.ringcert.demo.LocalCluster;
import org.ringcert.demo.NodeProcess;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.StoredAccount;
import picocli.CommandLine;

/**
 * Servers that dehydrated, certbot or mod_md ran on so far. Nodes 0, 1 and 3 move in from one of them each, node 2 has
 * a copy of the first's.
 */
@UsesPebble
class MovingInTest {

    private static final HostName WWW = new HostName("www.example.org");
    private static final HostName SHOP = new HostName("shop.example.org");
    private static final String SITES = """
            [[site]]
            names = ["shop.example.org"]

            [[site]]
            names = ["www.example.org", "example.org"]

            """;

    @TempDir
    private static Path folder;

    private static Testbed testbed;
    private static Installations installations;

    @TempDir
    private Path own;

    @BeforeAll
    static void moveIn() throws Exception {
        Dehydrated.isNeeded();
        Certbot.isNeeded();
        ModMd.isNeeded();
        // Apache drops root's rights, and a folder of a test is its owner's alone
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        testbed = Testbed.start(
                folder,
                PebbleRelease.INSTALLED,
                options -> options.withRefusedNonces(0),
                4,
                "www.example.org example.org",
                "shop.example.org");
        leadTo(0);
        installations = Installations.make(folder.resolve("before"), testbed.ca(), LocalCluster.loopback(1));
    }

    @AfterAll
    static void stop() throws IOException {
        if (testbed != null) {
            testbed.close();
        }
    }

    private static void leadTo(int node) throws IOException {
        for (int site = 0; site < testbed.cluster().sites().size(); site++) {
            testbed.cluster().move(site, node);
        }
    }

    private record Ran(int status, String out, String err) {}

    private static Ran ringcert(Object... arguments) {
        String[] texts = Stream.of(arguments).map(String::valueOf).toArray(String[]::new);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                Ringcert.commandLine(texts).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int status = line.execute(texts);
        return new Ran(status, out.toString(), err.toString());
    }

    /** Into a store of the test's own, without a configuration. */
    private Ran moveIn(Program program, Path installation, String... more) {
        assumeTrue(
                Files.notExists(ConfigurationLoader.DEFAULT_FILE),
                ConfigurationLoader.DEFAULT_FILE + " is there, which this would read");
        List<Object> arguments =
                new ArrayList<>(List.of("import", program.label(), installation, "--store", own.resolve("store")));
        arguments.addAll(List.of(more));
        return ringcert(arguments.toArray());
    }

    private Store store() throws Exception {
        return Store.open(own.resolve("store"), Clock.systemUTC());
    }

    /** All that is in the store, but for its locks, in which each command writes that it has them. */
    private Map<String, String> stored() throws IOException {
        Map<String, String> all = Installations.snapshot(own.resolve("store"));
        all.keySet().removeIf(name -> name.endsWith(".lock"));
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void theNextRenewalIsDoneUnderTheOldAccountAndNotBeforeItIsDue(Program program) throws Exception {
        int node = switch (program) {
            case DEHYDRATED -> 0;
            case CERTBOT -> 1;
            case MOD_MD -> 3;
        };
        leadTo(node);
        Map<String, String> before = Installations.snapshot(installations.of(program));

        String said = moveIn(node, program);

        assertThat(said)
                .doesNotContain("[[site]]")
                .contains("www.example.org: next renewal ")
                .contains("shop.example.org: will be ordered again at once: the key type has changed");
        assertThat(Installations.snapshot(installations.of(program))).isEqualTo(before);
        Store store = Store.open(testbed.cluster().store(node), Clock.systemUTC());
        StoredAccount account = store.account(testbed.ca().directory()).orElseThrow();
        for (int site = 0; site < 2; site++) {
            Path current = installations.current(
                    program,
                    site == 1 && program == Program.DEHYDRATED ? "shop" : site == 1 ? SHOP.value() : WWW.value());
            assertThat(StoredVersion.verified(testbed, node, site).chain())
                    .isEqualTo(Pem.certificates(Files.readString(Installations.chain(current))));
            assertThat(StoredVersion.verified(testbed, node, site).origin()).isEqualTo(issuedBy(account));
        }
        int accounts = CaLog.of(testbed.ca()).accounts();

        assertThat(testbed.runCommand(node, 0, "renew", "--force"))
                .contains("www.example.org: renewed, valid until ", "shop.example.org: renewed, valid until ");

        assertThat(CaLog.of(testbed.ca()).accounts()).isEqualTo(accounts);
        for (int site = 0; site < 2; site++) {
            assertThat(StoredVersion.verified(testbed, node, site).origin()).isEqualTo(issuedBy(account));
            assertThat(StoredVersion.verified(testbed, node, site).keyType()).contains(KeyType.EC256);
        }
        var renewed = StoredVersion.verified(testbed, node, 0).leaf();
        assertThat(moveIn(node, program))
                .contains(account.url().orElseThrow() + " is this node's already")
                .contains("www.example.org: the store keeps its certificate, which is not older");
        assertThat(StoredVersion.verified(testbed, node, 0).leaf()).isEqualTo(renewed);
    }

    /** Onto a node of the cluster, by its configuration. */
    private static String moveIn(int node, Program program) {
        Ran ran = ringcert(
                "import",
                program.label(),
                installations.of(program),
                "--config",
                testbed.cluster().configuration(),
                "--store",
                testbed.cluster().store(node));
        assertThat(ran.status()).as(ran.err()).isZero();
        return ran.out() + ran.err();
    }

    private static Origin issuedBy(StoredAccount account) {
        return new Origin.IssuedByCa(
                testbed.ca().directory(), Optional.of(account.url().orElseThrow()), Optional.empty());
    }

    @Test
    void aServerWithACopyTakesTheCertificatesOnlyAndMakesAnAccountOfItsOwn() throws Exception {
        Path copy = Installations.copy(installations.of(Program.DEHYDRATED), own.resolve("copy"));
        int accounts = CaLog.of(testbed.ca()).accounts();

        testbed.runCommand(2, 0, "import", "dehydrated", copy.toString(), "--certificates-only");

        assertThat(testbed.cluster().store(2).resolve("accounts")).isEmptyDirectory();
        assertThat(StoredVersion.verified(testbed, 2, 0).leaf().getPublicKey().getAlgorithm())
                .isEqualTo("EC");
        assertThat(StoredVersion.verified(testbed, 2, 1).leaf().getPublicKey().getAlgorithm())
                .isEqualTo("RSA");
        testbed.runCommand(2, 0, "renew", "--prepare");
        assertThat(CaLog.of(testbed.ca()).accounts()).isEqualTo(accounts + 1);
    }

    @ParameterizedTest
    @EnumSource
    void withoutAConfigurationItPrintsTheSitesAndWhatElseTheFileNeedsAndASecondTimeDoesNothing(Program program)
            throws Exception {
        Ran first = moveIn(program, installations.of(program));

        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.out()).isEqualTo(SITES);
        assertThat(first.err())
                .contains("www.example.org: renewed when due if [acme] has directory = \""
                        + testbed.ca().directory() + "\" and key = \"ec256\"")
                .contains("shop.example.org: renewed when due if [acme] has directory")
                .contains("\" and key = \"rsa2048\"")
                .contains("--certificates-only");
        Map<String, String> stored = stored();

        Ran second = moveIn(program, installations.of(program));

        assertThat(second.status()).isZero();
        assertThat(second.out()).isEqualTo(SITES);
        assertThat(second.err()).contains("is in the store already");
        assertThat(stored()).isEqualTo(stored);
    }

    @Test
    void anotherAccountOfThisNodeStaysAndASelfSignedCertificateDoesNot() throws Exception {
        StoredAccount kept = new StoredAccount(
                KeyType.EC256.generate(new SecureRandom()), Optional.of(URI.create("https://localhost/mine")));
        store().saveAccount(testbed.ca().directory(), kept);
        store().ensureSelfSigned(testbed.cluster().sites().getFirst(), KeyType.EC256, new SecureRandom());

        Ran ran = moveIn(Program.CERTBOT, installations.of(Program.CERTBOT));

        assertThat(ran.status()).isZero();
        assertThat(ran.err()).contains("has another account").contains("https://localhost/mine");
        assertThat(store().account(testbed.ca().directory()).orElseThrow().url())
                .isEqualTo(kept.url());
        assertThat(store().current(WWW).orElseThrow().origin()).isInstanceOf(Origin.IssuedByCa.class);
    }

    @Test
    void aSiteThatSomebodyIsAtWorkOnLeavesAllAsItIs() throws Exception {
        Store store = store();
        try (Store.Lock _ = store.tryLock(WWW).orElseThrow()) {
            Ran ran = moveIn(Program.CERTBOT, installations.of(Program.CERTBOT));

            assertThat(ran.err()).contains("is at work on www.example.org: nothing was taken over");
            assertThat(ran.status()).isOne();
            assertThat(store.account(testbed.ca().directory())).isEmpty();
            assertThat(store.sites()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DNS:*.example.org", "IP:192.0.2.1", "IP:2001:db8:0:0:0:0:0:1"})
    void whatRingcertCannotRenewIsLeftOutAndSaid(String name) throws Exception {
        Path copy = Installations.copy(installations.of(Program.CERTBOT), own.resolve("copy"));
        Path shop = Installations.current(copy, Program.CERTBOT, SHOP.value());
        Damaged.openSsl(
                own.resolve("openssl.log"),
                "req",
                "-x509",
                "-key",
                shop.resolve("privkey.pem"),
                "-out",
                shop.resolve("fullchain.pem"),
                "-subj",
                "/CN=shop",
                "-addext",
                "subjectAltName=" + name + ",DNS:shop.example.org");

        Ran ran = moveIn(Program.CERTBOT, copy);

        assertThat(ran.err())
                .contains("live/shop.example.org: Ringcert cannot renew a certificate for "
                        + name.replaceFirst("^[A-Z]+:", "") + ", only for host names; leave its renewal to certbot")
                .contains("keep certbot running to renew what was left out");
        assertThat(ran.out()).contains("www.example.org").doesNotContain("shop");
        assertThat(ran.status()).isOne();
        assertThat(store().sites()).containsExactly(WWW);
    }

    @Test
    void anotherFolderIsWrongUsageAndWhereToLookIsSaid() {
        for (Program program : Program.values()) {
            for (Path wrong : List.of(installations.current(program, WWW.value()), own.resolve("nowhere"), own)) {
                Ran ran = moveIn(program, wrong);

                assertThat(ran.err()).contains(wrong + " is no installation of " + program.label(), "/etc/");
                assertThat(ran.status()).isEqualTo(2);
            }
        }
        assertThat(ringcert("import", "acme.sh", own).err())
                .contains("acme.sh is not one of these: dehydrated, certbot, mod_md");
        assertThat(own.resolve("store")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("org.ringcert.it.Damaged#all")
    void whatIsDamagedOrUnfinishedIsSaidAndHoldsNothingElseBack(Damaged damaged) throws Exception {
        Path installation = Installations.copy(installations.of(damaged.program()), own.resolve("installation"));
        damaged.damage().to(installation);

        Ran ran = moveIn(damaged.program(), installation);

        assertThat(ran.err())
                .contains(damaged.says())
                .contains(installation.toString())
                .doesNotContain("defect");
        assertThat(ran.status()).isOne();
        if (damaged.takenOver().isEmpty()) {
            assertThat(ran.out()).isEmpty();
            assertThat(own.resolve("store")).doesNotExist();
        } else {
            assertThat(store().sites()).containsExactlyInAnyOrderElementsOf(damaged.takenOver());
            assertThat(ran.err()).contains("Not everything was taken over");
        }
    }

    @ParameterizedTest
    @MethodSource("org.ringcert.it.Peculiar#all")
    void whatIsPeculiarIsUnderstoodAndWhatShouldBeKnownIsSaid(Peculiar peculiar) throws Exception {
        Path installation = Installations.copy(installations.of(peculiar.program()), own.resolve("installation"));
        peculiar.change().to(installation);

        Ran ran = moveIn(peculiar.program(), installation);

        assertThat(peculiar.says()).allSatisfy(sentence -> assertThat(ran.err()).contains(sentence));
        assertThat(ran.err()).doesNotContain(Peculiar.SECRET);
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(store().sites()).containsExactlyInAnyOrderElementsOf(peculiar.takenOver());
        for (HostName site : peculiar.takenOver()) {
            assertThat(store().current(site).orElseThrow().names()).contains(site);
        }
    }

    @ParameterizedTest
    @MethodSource("org.ringcert.it.Accountless#all")
    void whereTheAccountAloneIsInTheWayTheCertificatesAreTakenOverWithoutIt(Accountless accountless) throws Exception {
        Path installation = Installations.copy(installations.of(accountless.program()), own.resolve("installation"));
        accountless.damage().to(installation);

        Ran withAccount = moveIn(accountless.program(), installation);

        assertThat(withAccount.err())
                .contains(accountless.says())
                .contains("or take over the certificates without it (--certificates-only)")
                .doesNotContain("certbot delete", "remove this folder", "has no certificate there");
        assertThat(withAccount.status()).isOne();
        assertThat(own.resolve("store")).doesNotExist();

        Ran without = moveIn(accountless.program(), installation, "--certificates-only");

        assertThat(without.status()).as(without.err()).isZero();
        URI directory =
                accountless.directory().map(URI::create).orElse(testbed.ca().directory());
        for (HostName site : List.of(WWW, SHOP)) {
            assertThat(store().current(site).orElseThrow().origin())
                    .isEqualTo(new Origin.IssuedByCa(directory, Optional.empty(), Optional.empty()));
        }
        assertThat(own.resolve("store/accounts")).isEmptyDirectory();
    }

    @Test
    void aNameWithBlanksIsOneWordOfTheCommandThatIsAdvised() throws Exception {
        Path copy = Installations.copy(installations.of(Program.CERTBOT), own.resolve("copy"));
        Files.writeString(copy.resolve("renewal/My Mother's.conf"), "");

        Ran ran = moveIn(Program.CERTBOT, copy);

        assertThat(ran.err()).contains("by `certbot delete --cert-name 'My Mother'\\''s'`");
        assertThat(store().sites()).containsExactlyInAnyOrder(WWW, SHOP);
    }

    @ParameterizedTest
    @EnumSource
    void whoMayNotReadIsToldOnlyThat(Program program) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root becomes another user");
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path copy = Installations.copy(installations.of(program), own.resolve("copy"));
        for (Path hidden : List.of(copy.resolve("accounts"), copy)) {
            Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rwx------"));

            CommandResult ran = UnprivilegedUser.run(
                    NodeProcess.java(
                            List.of(),
                            "org.ringcert.daemon.cli.Ringcert",
                            List.of(
                                    "import",
                                    program.label(),
                                    copy.toString(),
                                    "--store",
                                    own.resolve("store").toString())),
                    own);

            assertThat(ran.output())
                    .contains(": user nobody may not read it; run this command as root")
                    .doesNotContain("there is no", "names no", "no certificate", "missing");
            assertThat(ran.status()).as(ran.output()).isOne();
        }
    }
}
