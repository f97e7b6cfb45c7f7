package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.cli.CommandRun;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.migration.Program;
import org.ringcert.demo.LocalCluster;
import org.ringcert.demo.NodeProcess;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.StoredAccount;

/**
 * Takes over the installations of dehydrated, certbot and mod_md. Nodes 0, 1 and 3 each take over one of them, node 2 a
 * copy of node 0's.
 */
@UsesPebble
class MovingInTest {

    private static final HostName WWW = new HostName("www.example.org");
    private static final HostName SHOP = new HostName("shop.example.org");
    private static final String SITE_TABLES = """
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
                4,
                "www.example.org example.org",
                "shop.example.org");
        pointSitesTo(0);
        installations = Installations.make(folder.resolve("before"), testbed.ca(), LocalCluster.loopback(1));
    }

    @AfterAll
    static void stop() throws IOException {
        if (testbed != null) {
            testbed.close();
        }
    }

    private static void pointSitesTo(int node) throws IOException {
        for (int site = 0; site < testbed.cluster().sites().size(); site++) {
            testbed.cluster().move(site, node);
        }
    }

    /** Imports into a store of this test, without a configuration. */
    private CommandRun runImport(Program program, Path installation, String... more) {
        assumeTrue(
                Files.notExists(ConfigurationLoader.DEFAULT_FILE),
                ConfigurationLoader.DEFAULT_FILE + " exists, and this test would read it");
        List<Object> arguments = new ArrayList<>(
                List.of("import", program.label(), installation, "--store", testFolder.resolve("store")));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray());
    }

    private Store store() throws Exception {
        return Store.open(testFolder.resolve("store"), Clock.systemUTC());
    }

    /** Returns the content of the store without its lock files, which change with every command. */
    private Map<String, String> storeContent() throws IOException {
        Map<String, String> all = Installations.snapshot(testFolder.resolve("store"));
        all.keySet().removeIf(name -> name.endsWith(".lock"));
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void theNextDueRenewalUsesTheImportedAccount(Program program) throws Exception {
        int node = switch (program) {
            case DEHYDRATED -> 0;
            case CERTBOT -> 1;
            case MOD_MD -> 3;
        };
        pointSitesTo(node);
        Map<String, String> original = Installations.snapshot(installations.of(program));

        String output = importOnNode(node, program);

        assertThat(output)
                .doesNotContain("[[site]]")
                .contains("www.example.org: next renewal ")
                .contains("shop.example.org: will be ordered again at once: the key type has changed");
        assertThat(Installations.snapshot(installations.of(program))).isEqualTo(original);
        Store store = Store.open(testbed.cluster().store(node), Clock.systemUTC());
        StoredAccount account = store.accounts().find(testbed.ca().directory()).orElseThrow();
        for (int site = 0; site < 2; site++) {
            Path current = installations.current(
                    program,
                    site == 1 && program == Program.DEHYDRATED ? "shop" : site == 1 ? SHOP.value() : WWW.value());
            assertThat(StoredVersion.verified(testbed, node, site).chain())
                    .isEqualTo(Pem.certificates(Files.readString(Installations.chain(current))));
            assertThat(StoredVersion.verified(testbed, node, site).origin()).isEqualTo(issuedBy(account, List.of()));
        }
        int accounts = CaLog.of(testbed.ca()).accounts();

        assertThat(testbed.runCommand(node, 0, "renew", "--force"))
                .contains("www.example.org: renewed, valid until ", "shop.example.org: renewed, valid until ");

        assertThat(CaLog.of(testbed.ca()).accounts()).isEqualTo(accounts);
        for (int site = 0; site < 2; site++) {
            var version = StoredVersion.verified(testbed, node, site);
            assertThat(version.origin()).isEqualTo(issuedBy(account, version.orderedNames()));
            assertThat(version.orderedNames()).containsExactlyInAnyOrderElementsOf(version.names());
            assertThat(version.keyType()).contains(KeyType.EC256);
        }
        var renewed = StoredVersion.verified(testbed, node, 0).leaf();
        assertThat(importOnNode(node, program))
                .contains(account.url().orElseThrow() + " is this node's already")
                .contains("www.example.org: the store keeps its certificate, which is not older");
        assertThat(StoredVersion.verified(testbed, node, 0).leaf()).isEqualTo(renewed);
    }

    /** Imports on a node of the cluster, with its configuration. */
    private static String importOnNode(int node, Program program) {
        CommandRun run = CommandRun.of(
                "import",
                program.label(),
                installations.of(program),
                "--config",
                testbed.cluster().configuration(),
                "--store",
                testbed.cluster().store(node));
        assertThat(run.status()).as(run.err()).isZero();
        return run.out() + run.err();
    }

    private static Origin issuedBy(StoredAccount account, List<HostName> orderedNames) {
        return new Origin.IssuedByCa(
                testbed.ca().directory(),
                Optional.of(account.url().orElseThrow()),
                Optional.empty(),
                orderedNames,
                Optional.empty());
    }

    @Test
    void aServerWithACopyImportsOnlyTheCertificatesAndCreatesItsOwnAccount() throws Exception {
        Path copy = Installations.copy(installations.of(Program.DEHYDRATED), testFolder.resolve("copy"));
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
    void printsTheNeededConfigurationAndASecondImportChangesNothing(Program program) throws Exception {
        CommandRun first = runImport(program, installations.of(program));

        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.out()).isEqualTo(SITE_TABLES);
        assertThat(first.err())
                .contains("www.example.org: renewed when due if [acme] has directory = \""
                        + testbed.ca().directory() + "\" and key = \"ec256\"")
                .contains("shop.example.org: renewed when due if [acme] has directory")
                .contains("\" and key = \"rsa2048\"")
                .contains("--certificates-only");
        Map<String, String> stored = storeContent();

        CommandRun second = runImport(program, installations.of(program));

        assertThat(second.status()).isZero();
        assertThat(second.out()).isEqualTo(SITE_TABLES);
        assertThat(second.err()).contains("is in the store already");
        assertThat(storeContent()).isEqualTo(stored);
    }

    @Test
    void keepsAnotherAccountOfThisNodeButReplacesASelfSignedCertificate() throws Exception {
        StoredAccount existing = new StoredAccount(
                KeyType.EC256.generate(new SecureRandom()), Optional.of(URI.create("https://localhost/mine")));
        store().accounts().save(testbed.ca().directory(), existing);
        store().ensureSelfSigned(
                        CertificateName.first(WWW),
                        testbed.cluster().sites().getFirst(),
                        KeyType.EC256,
                        new SecureRandom());

        CommandRun run = runImport(Program.CERTBOT, installations.of(Program.CERTBOT));

        assertThat(run.status()).isZero();
        assertThat(run.err()).contains("has another account").contains("https://localhost/mine");
        assertThat(store().accounts()
                        .find(testbed.ca().directory())
                        .orElseThrow()
                        .url())
                .isEqualTo(existing.url());
        assertThat(store().current(CertificateName.first(WWW)).orElseThrow().origin())
                .isInstanceOf(Origin.IssuedByCa.class);
    }

    @Test
    void importsNothingWhileASiteIsLocked() throws Exception {
        Store store = store();
        try (Store.Lock _ = store.tryLock(WWW).orElseThrow()) {
            CommandRun run = runImport(Program.CERTBOT, installations.of(Program.CERTBOT));

            assertThat(run.err()).contains("is working on www.example.org: nothing was taken over");
            assertThat(run.status()).isOne();
            assertThat(store.accounts().find(testbed.ca().directory())).isEmpty();
            assertThat(store.storedCertificates()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DNS:*.example.org", "IP:192.0.2.1", "IP:2001:db8:0:0:0:0:0:1"})
    void leavesOutAndReportsWhatRingcertCannotRenew(String name) throws Exception {
        Path copy = Installations.copy(installations.of(Program.CERTBOT), testFolder.resolve("copy"));
        Path shop = Installations.current(copy, Program.CERTBOT, SHOP.value());
        DamagedInstallation.openSsl(
                testFolder.resolve("openssl.log"),
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

        CommandRun run = runImport(Program.CERTBOT, copy);

        assertThat(run.err())
                .contains("live/shop.example.org: Ringcert cannot renew a certificate for "
                        + name.replaceFirst("^[A-Z]+:", "") + ", only for host names; leave its renewal to certbot")
                .contains("keep certbot running to renew what was left out");
        assertThat(run.out()).contains("www.example.org").doesNotContain("shop");
        assertThat(run.status()).isOne();
        assertThat(store().storedCertificates())
                .extracting(CertificateName::site)
                .containsExactly(WWW);
    }

    @Test
    void rejectsAnotherFolderAndSaysWhereToLook() {
        for (Program program : Program.values()) {
            for (Path wrong :
                    List.of(installations.current(program, WWW.value()), testFolder.resolve("nowhere"), testFolder)) {
                CommandRun run = runImport(program, wrong);

                assertThat(run.err()).contains(wrong + " is no installation of " + program.label(), "/etc/");
                assertThat(run.status()).isEqualTo(2);
            }
        }
        assertThat(CommandRun.of("import", "acme.sh", testFolder).err())
                .contains("acme.sh is not one of these: dehydrated, certbot, mod_md");
        assertThat(testFolder.resolve("store")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("org.ringcert.it.DamagedInstallation#all")
    void reportsDamagedOrUnfinishedPartsAndImportsTheRest(DamagedInstallation damaged) throws Exception {
        Path installation = Installations.copy(installations.of(damaged.program()), testFolder.resolve("installation"));
        damaged.damage().applyTo(installation);

        CommandRun run = runImport(damaged.program(), installation);

        assertThat(run.err())
                .contains(damaged.messages())
                .contains(installation.toString())
                .doesNotContain("defect", "bug in Ringcert");
        assertThat(run.status()).isOne();
        if (damaged.takenOver().isEmpty()) {
            assertThat(run.out()).isEmpty();
            assertThat(testFolder.resolve("store")).doesNotExist();
        } else {
            assertThat(store().storedCertificates())
                    .extracting(CertificateName::site)
                    .containsExactlyInAnyOrderElementsOf(damaged.takenOver());
            assertThat(run.err()).contains("Not everything was taken over");
        }
    }

    @ParameterizedTest
    @MethodSource("org.ringcert.it.UnusualInstallation#all")
    void importsUnusualInstallationsAndReportsWhatAUserShouldKnow(UnusualInstallation unusual) throws Exception {
        Path installation = Installations.copy(installations.of(unusual.program()), testFolder.resolve("installation"));
        unusual.change().applyTo(installation);

        CommandRun run = runImport(unusual.program(), installation);

        assertThat(unusual.messages())
                .allSatisfy(message -> assertThat(run.err()).contains(message));
        assertThat(run.err()).doesNotContain(UnusualInstallation.SECRET);
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(store().storedCertificates().stream()
                        .map(CertificateName::site)
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(unusual.takenOver());
        for (HostName site : unusual.takenOver()) {
            assertThat(store().current(CertificateName.first(site))
                            .orElseThrow()
                            .names())
                    .contains(site);
        }
    }

    @ParameterizedTest
    @MethodSource("org.ringcert.it.InstallationWithoutAccount#all")
    void importsCertificatesWithoutAnUnusableAccount(InstallationWithoutAccount damaged) throws Exception {
        Path installation = Installations.copy(installations.of(damaged.program()), testFolder.resolve("installation"));
        damaged.damage().applyTo(installation);

        CommandRun withAccount = runImport(damaged.program(), installation);

        assertThat(withAccount.err())
                .contains(damaged.message())
                .contains("or take over the certificates without it (--certificates-only)")
                .doesNotContain("certbot delete", "remove this folder", "has no certificate there");
        assertThat(withAccount.status()).isOne();
        assertThat(testFolder.resolve("store")).doesNotExist();

        CommandRun certificatesOnly = runImport(damaged.program(), installation, "--certificates-only");

        assertThat(certificatesOnly.status()).as(certificatesOnly.err()).isZero();
        URI directory = damaged.directory().map(URI::create).orElse(testbed.ca().directory());
        for (HostName site : List.of(WWW, SHOP)) {
            assertThat(store().current(CertificateName.first(site))
                            .orElseThrow()
                            .origin())
                    .isEqualTo(new Origin.IssuedByCa(directory, Optional.empty(), Optional.empty()));
        }
        assertThat(testFolder.resolve("store/accounts")).isEmptyDirectory();
    }

    @Test
    void quotesANameWithSpacesInTheSuggestedCommand() throws Exception {
        Path copy = Installations.copy(installations.of(Program.CERTBOT), testFolder.resolve("copy"));
        Files.writeString(copy.resolve("renewal/My Mother's.conf"), "");

        CommandRun run = runImport(Program.CERTBOT, copy);

        assertThat(run.err()).contains("by `certbot delete --cert-name 'My Mother'\\''s'`");
        assertThat(store().storedCertificates())
                .extracting(CertificateName::site)
                .containsExactlyInAnyOrder(WWW, SHOP);
    }

    @ParameterizedTest
    @EnumSource
    void reportsOnlyMissingPermission(Program program) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root becomes another user");
        Files.setPosixFilePermissions(testFolder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path copy = Installations.copy(installations.of(program), testFolder.resolve("copy"));
        for (Path hidden : List.of(copy.resolve("accounts"), copy)) {
            Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rwx------"));

            CommandResult run = UnprivilegedUser.run(
                    NodeProcess.java(
                            List.of(),
                            "org.ringcert.daemon.cli.Ringcert",
                            List.of(
                                    "import",
                                    program.label(),
                                    copy.toString(),
                                    "--store",
                                    testFolder.resolve("store").toString())),
                    testFolder);

            assertThat(run.output())
                    .contains(": user nobody is not allowed to read it; run this command as root")
                    .doesNotContain("there is no", "names no", "no certificate", "missing");
            assertThat(run.status()).as(run.output()).isOne();
        }
    }
}
