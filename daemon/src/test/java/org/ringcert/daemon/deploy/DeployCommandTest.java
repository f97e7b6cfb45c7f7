package org.ringcert.daemon.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

@Tag("slow")
@Timeout(120)
class DeployCommandTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(700);

    /** Appends the environment to the test's log, and fails if a file that it leads to is missing. */
    private static final String PRINT_ALL =
            "echo \"$RINGCERT_SITES|${RINGCERT_SITE-none}|${RINGCERT_DIR-none}|$RINGCERT_RENEWED\""
                    + " >>\"$0/log\"; for name in $RINGCERT_RENEWED; do test -r \"$RINGCERT_CERTS/$name/privkey.pem\" || exit; done";

    @TempDir
    private Path folder;

    private Store store;
    private CertificateVersion version;

    @BeforeEach
    void openStore() throws StoreException {
        store = Store.open(folder.resolve("store"), Clock.systemUTC());
        Site site = new Site(List.of(new HostName("www.example.org")));
        version = store.ensureSelfSigned(
                CertificateName.first(site.name()), site, KeyType.EC256, new java.security.SecureRandom());
    }

    /** Kills processes that a test started and that outlive their command. */
    @AfterEach
    void killChildren() throws IOException {
        for (String name : List.of("child", "grandchild")) {
            pid(name).flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private Optional<Long> pid(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file)
                ? Files.readString(file)
                        .lines()
                        .findFirst()
                        .map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .map(Long::valueOf)
                : Optional.empty();
    }

    private boolean isAlive(String name) throws IOException {
        return pid(name)
                .flatMap(ProcessHandle::of)
                .filter(ProcessHandle::isAlive)
                .isPresent();
    }

    /** Returns a command that runs this shell script; $0 is the folder of the test. */
    private DeployCommand shell(Duration limit, String script) {
        return new DeployCommand(words(script), Map.of(), store.certificates(), limit);
    }

    private List<String> words(String script) {
        return List.of("/bin/sh", "-c", script, folder.toString());
    }

    private Optional<String> run(String script) {
        return deploy(shell(LONG, script));
    }

    private Optional<String> deploy(DeployCommand command) {
        return Optional.ofNullable(command.deploy(List.of(version)).get(version.name()));
    }

    private CertificateVersion other(String name) throws StoreException {
        Site site = new Site(List.of(new HostName(name)));
        return store.ensureSelfSigned(
                CertificateName.first(site.name()), site, KeyType.EC256, new java.security.SecureRandom());
    }

    @Test
    void runsTheCommonCommandOnceAndOwnCommandsForTheirSite() throws Exception {
        List<CertificateVersion> versions =
                List.of(version, other("shop.example.org"), other("mail.example.org"), other("quiet.example.org"));
        String script = "echo \"${1:-all}: $RINGCERT_SITES|${RINGCERT_SITE-none}|${RINGCERT_DIR-none}\" >>\"$0/log\";"
                + " test -r \"$RINGCERT_CERTS/www.example.org/fullchain.pem\"";
        List<String> mail = new ArrayList<>(words(script));
        mail.add("own");
        DeployCommand command = new DeployCommand(
                words(script),
                Map.of(new HostName("mail.example.org"), mail, new HostName("quiet.example.org"), List.of()),
                store.certificates(),
                LONG);

        assertThat(command.deploy(versions)).isEmpty();

        assertThat(folder.resolve("log"))
                .content()
                .isEqualTo("own: mail.example.org|mail.example.org|" + store.certificates()
                        + "/mail.example.org\nall: www.example.org shop.example.org|none|none\n");
    }

    private CertificateVersion secondOf(CertificateVersion first) throws StoreException {
        return store.ensureSelfSigned(
                CertificateName.second(first.site(), KeyAlgorithm.RSA),
                new Site(List.of(first.site())),
                KeyType.RSA2048,
                new java.security.SecureRandom());
    }

    /** A command that was written for one certificate of each site gets the same as always. */
    @Test
    void runsOnceForBothCertificatesOfASite() throws Exception {
        CertificateVersion second = secondOf(version);
        CertificateVersion shop = other("shop.example.org");
        DeployCommand common = shell(LONG, PRINT_ALL);
        DeployCommand own =
                new DeployCommand(List.of(), Map.of(version.site(), words(PRINT_ALL)), store.certificates(), LONG);

        for (DeployCommand command : List.of(common, own)) {
            assertThat(command.deploy(List.of(version, second))).isEmpty();
            assertThat(command.deploy(List.of(second))).isEmpty();
        }
        assertThat(common.deploy(List.of(second, shop))).isEmpty();

        String www = "www.example.org|www.example.org|" + store.certificates() + "/www.example.org|";
        String both = www + "www.example.org www.example.org+rsa\n" + www + "www.example.org+rsa\n";
        assertThat(folder.resolve("log"))
                .content()
                .isEqualTo(both + both
                        + "www.example.org shop.example.org|none|none|www.example.org+rsa shop.example.org\n");
    }

    @Test
    void reportsAFailureForTheCertificatesThatTheCommandRanFor() throws Exception {
        CertificateVersion second = secondOf(version);

        assertThat(shell(LONG, "exit 7").deploy(List.of(second))).containsOnlyKeys(second.name());
        assertThat(shell(LONG, "exit 7").deploy(List.of(version, second)))
                .containsOnlyKeys(version.name(), second.name());
    }

    @Test
    void reportsAFailureForTheSitesThatTheCommandRanFor() throws Exception {
        HostName mail = new HostName("mail.example.org");
        DeployCommand command =
                new DeployCommand(words("exit 7"), Map.of(mail, words("exit 0")), store.certificates(), LONG);

        assertThat(command.deploy(List.of(version, other("shop.example.org"), other("mail.example.org"))))
                .containsOnlyKeys(version.name(), CertificateName.of("shop.example.org"))
                .allSatisfy((_, failure) -> assertThat(failure).contains("status 7"));
    }

    @Test
    void passesTheSiteAndTheDirectoryThatTheWebServerReads() throws Exception {
        assertThat(run("echo \"$RINGCERT_SITE\" >\"$0/site\" && cp \"$RINGCERT_DIR/fullchain.pem\" \"$0/chain\""
                        + " && test -r \"$RINGCERT_DIR/privkey.pem\" && echo \"$RINGCERT_DIR\" >\"$0/dir\""))
                .isEmpty();

        assertThat(folder.resolve("site")).content().isEqualTo("www.example.org\n");
        assertThat(folder.resolve("dir"))
                .content()
                .isEqualTo(store.certificates().resolve("www.example.org") + "\n");
        assertThat(folder.resolve("chain"))
                .hasSameTextualContentAs(version.directory().resolve("fullchain.pem"));
    }

    @Test
    void reportsStatusAndOutputOfAFailure() {
        assertThat(run("echo out; echo 'no such unit' >&2; exit 3"))
                .hasValueSatisfying(failure -> assertThat(failure).contains("status 3", "out", "no such unit"));
        assertThat(run("exit 1"))
                .hasValueSatisfying(failure -> assertThat(failure).contains("status 1", "printed nothing"));
        assertThat(run("kill -9 $$"))
                .hasValueSatisfying(failure -> assertThat(failure).contains("137"));
    }

    @Test
    void removesControlCharactersFromTheOutput() {
        assertThat(run("printf 'one\\n\\033[2Jtwo\\r\\000three\\n'; exit 1"))
                .hasValueSatisfying(failure -> assertThat(failure)
                        .contains("one\n", "two", "three")
                        .matches(text -> text.chars().allMatch(c -> c >= ' ' || c == '\n')));
    }

    @Test
    void givesTheCommandNoInput() {
        assertThat(run("cat")).isEmpty();
    }

    @Test
    void reportsAMissingProgram() {
        DeployCommand missing =
                new DeployCommand(List.of("/no/such/program", "reload"), Map.of(), store.certificates(), LONG);

        assertThat(deploy(missing))
                .hasValueSatisfying(failure -> assertThat(failure).contains("cannot be run", "/no/such/program"));
    }

    /** Root may renew by hand in a store that belongs to the user of the daemon. */
    @ParameterizedTest
    @ValueSource(strings = {"nobody", "64999"})
    void runsAsTheOwnerOfTheStoreIfStartedByRoot(String owner) throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can run a command as another user");
        Path shared = Files.createTempDirectory(Path.of("/tmp"), "deploy-");
        try {
            Path[] theirs = {shared, store.certificates()};
            for (Path path : theirs) {
                if (owner.equals("nobody")) {
                    Files.setOwner(
                            path,
                            path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner));
                } else {
                    Files.setAttribute(path, "unix:uid", Integer.valueOf(owner));
                    Files.setAttribute(path, "unix:gid", Integer.valueOf(owner));
                }
            }
            DeployCommand touch =
                    new DeployCommand(List.of("touch", shared + "/reload"), Map.of(), store.certificates(), LONG);

            assertThat(deploy(touch)).isEmpty();
            assertThat(Files.getOwner(shared.resolve("reload"))).hasToString(owner);
            assertThat(deploy(touch)).isEmpty();
            assertThat(run("id -u; exit 1"))
                    .hasValueSatisfying(failure -> assertThat(failure)
                            .contains("run as " + owner + ", the owner of the store", "status 1")
                            .doesNotContain("\n0"));
        } finally {
            Files.deleteIfExists(shared.resolve("reload"));
            Files.delete(shared);
        }
    }

    @Test
    void readsAllOutputAndKeepsTheEnd() {
        String megabyte =
                "i=0; while [ $i -lt 1024 ]; do printf '%01023d\\n' $i; i=$((i+1)); done; echo the end; exit ";
        assertThat(run(megabyte + 0)).isEmpty();
        assertThat(run(megabyte + 4))
                .hasValueSatisfying(failure ->
                        assertThat(failure).contains("status 4", "the end").hasSizeLessThan(3000));
    }

    @Test
    void killsAHangingCommandAndItsChildren() throws Exception {
        String script = "sh -c 'sleep 600 & echo $! >\"$0/grandchild\"; wait' \"$0\" & echo $! >\"$0/child\";"
                + " echo waiting for godot; wait";

        // On a slow machine the shell may be killed before it has started its children.
        Optional<String> failure;
        Duration timeout = SHORT;
        do {
            failure = deploy(shell(timeout, script));
            timeout = timeout.multipliedBy(4);
        } while (pid("child").isEmpty() || pid("grandchild").isEmpty());

        assertThat(failure).hasValueSatisfying(text -> assertThat(text).contains("was killed after", "godot"));
        await().atMost(LONG).until(() -> !isAlive("child") && !isAlive("grandchild"));
    }

    @Test
    void completesEvenIfAChildInTheBackgroundKeepsTheOutputOpen() throws Exception {
        assertThat(run("sleep 600 & echo $! >\"$0/child\"")).isEmpty();
        assertThat(isAlive("child")).as("its child is still running").isTrue();
        assertThat(run("sleep 600 & echo $! >\"$0/child\"; echo not this time; exit 5"))
                .hasValueSatisfying(failure -> assertThat(failure).contains("status 5", "not this time"));
    }

    @Test
    void runsOneCommandAtATime() throws Exception {
        DeployCommand command = shell(LONG, "mkdir \"$0/alone\" && echo x >>\"$0/runs\" && rmdir \"$0/alone\"");
        List<Optional<String>> results = new CopyOnWriteArrayList<>();

        List<Thread> threads = IntStream.range(0, 8)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> results.add(deploy(command))))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(results).hasSize(8).containsOnly(Optional.empty());
        assertThat(folder.resolve("runs")).content().hasLineCount(8);
    }

    @Test
    void anInterruptStopsTheRunningCommandAndPreventsWaitingOnes() throws Exception {
        DeployCommand command = shell(LONG, "echo $$ >\"$0/child\"; echo x >>\"$0/runs\"; exec sleep 600");
        List<String> failures = new CopyOnWriteArrayList<>();
        AtomicBoolean keptInterrupt = new AtomicBoolean(true);
        Runnable deploy = () -> {
            failures.add(deploy(command).orElse("no failure"));
            if (!Thread.currentThread().isInterrupted()) {
                keptInterrupt.set(false);
            }
        };
        Thread first = Thread.ofVirtual().start(deploy);
        await().atMost(LONG).until(() -> isAlive("child") && Files.exists(folder.resolve("runs")));
        Thread second = Thread.ofVirtual().start(deploy);
        await().atMost(LONG).until(() -> second.getState() == Thread.State.WAITING);

        second.interrupt();
        assertThat(second.join(LONG)).isTrue();
        first.interrupt();
        assertThat(first.join(LONG)).isTrue();

        assertThat(failures).hasSize(2).allMatch(text -> text.contains("was stopped because Ringcert is stopping"));
        assertThat(keptInterrupt).isTrue();
        await().atMost(LONG).until(() -> !isAlive("child"));
        assertThat(folder.resolve("runs")).content().hasLineCount(1);
    }
}
