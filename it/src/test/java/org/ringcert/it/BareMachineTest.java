package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.demo.ChildProcess;
import org.ringcert.it.servers.Archive;

/** The archive where a machine has little: no network but its loopback, no DNS, no locale, no right to the store. */
class BareMachineTest {

    /** Bytes of a name that is not ASCII, for a shell: what this JVM makes of them hangs on its own locale. */
    private static final String UMLAUT = "u=$(printf '\\303\\274'); ";

    private static final AtomicInteger RUNS = new AtomicInteger();

    @TempDir
    private static Path folder;

    private record Ran(int status, String said) {}

    @BeforeAll
    static void unpack() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "namespaces and other users need root");
        assumeTrue(
                run(Map.of(), "unshare -n -u true").status() == 0,
                "this machine lets no namespaces be made by unshare");
        Ran unpacked = run(
                Map.of(),
                "chmod 755 . && tar -xzf \"$0\" && ln -s ringcert-* ringcert",
                Archive.file().toString());
        assertThat(unpacked.status()).as(unpacked.said()).isZero();
        Files.writeString(folder.resolve("ringcert.toml"), """
                [[node]]
                name = "web0.example.org"
                [[node]]
                name = "web1.example.org"
                [[site]]
                names = ["www.example.org"]
                [acme]
                directory = "http://127.0.0.1:1/dir"
                agree-to-terms = true
                [front]
                listen = ["127.0.0.1:8080"]
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"web1", "web1.example.org", "WEB1.internal"})
    void itsNameNeedsNoAddressAndItsNetworkNoHardware(String name) throws IOException {
        String alone =
                "ip link set lo up; hostname \"$0\"; exec ./ringcert/bin/ringcert run --config ringcert.toml --store \"store-$0\"";
        try (ChildProcess daemon = start(Map.of(), "exec unshare -n -u sh -euc '" + alone + "' \"$0\"", name)) {
            daemon.awaitLine(line -> line.contains("www.example.org: failed"), Testbed.TIMEOUT);
            daemon.terminate();
            assertThat(daemon.awaitExit(Testbed.TIMEOUT)).isZero();
            assertThat(daemon.output())
                    .contains("web1.example.org answers on /127.0.0.1:8080")
                    .doesNotContain("WARN", "hardware");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POSIX", "de_DE.ISO-8859-1", "xx_XX.UTF-8"})
    void aPathMayHaveLettersThatTheLocaleLacks(String locale) throws IOException {
        Ran ran = run(
                Map.of("LC_ALL", locale),
                UMLAUT + "cp ringcert.toml \"$u.toml\"; rm -rf \"store-$u\";"
                        + " ./ringcert/bin/ringcert status --config \"$u.toml\" --node web0 --store \"store-$u\"; status=$?;"
                        + " test -d \"store-$u/certs\" && exit $status");
        assertThat(ran.status()).as(ran.said()).isEqualTo(1);
        assertThat(ran.said()).contains("there is no certificate yet").doesNotContain("defect");
    }

    /** A library's user, or somebody's own script, starts Java without bin/ringcert. */
    @Test
    void whereNothingHasSeenToTheLocaleItIsNamed() throws IOException {
        Map<String, String> posix = Map.of("LC_ALL", "POSIX");
        String java = UMLAUT + "set -- ./ringcert/runtime/bin/java @ringcert/jvm.args -jar ringcert/ringcert.jar; ";
        Ran option = run(posix, java + "exec \"$@\" status --node web0 --config \"/tmp/$u.toml\"");
        assertThat(option.status()).as(option.said()).isEqualTo(2);
        assertThat(option.said())
                .contains("/tmp/", "ANSI_X3.4-1968", "LC_ALL=C.UTF-8")
                .doesNotContain("defect");
        Ran key = run(
                posix,
                java + "{ cat ringcert.toml; echo '[store]'; echo \"directory = '/tmp/$u'\"; } >store.toml;"
                        + " exec \"$@\" status --node web0 --config store.toml");
        assertThat(key.status()).as(key.said()).isEqualTo(2);
        assertThat(key.said()).contains("store.toml:13:1", "LC_ALL=C.UTF-8").doesNotContain("defect");
    }

    @Test
    void aStoreOfRootsIsForRootWhichIsSaidOnce() throws IOException {
        String renew = "./ringcert/bin/ringcert renew --config ringcert.toml --node web0 --store roots";
        assertThat(run(Map.of(), renew + " --prepare").said()).contains("has a self-signed certificate");
        Ran other = run(Map.of(), "exec setpriv --reuid=65534 --regid=65534 --clear-groups " + renew);
        assertThat(other.status()).as(other.said()).isEqualTo(1);
        assertThat(other.said()).contains("run this as root").doesNotContain("root or as root");
    }

    private static Ran run(Map<String, String> environment, String script, String... arguments) throws IOException {
        try (ChildProcess process = start(environment, script, arguments)) {
            int status = process.awaitExit(Testbed.TIMEOUT);
            return new Ran(status, process.output());
        }
    }

    /** Runs a script of the shell in the test's folder. */
    private static ChildProcess start(Map<String, String> environment, String script, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "cd '" + folder + "'; " + script));
        command.addAll(List.of(arguments));
        return ChildProcess.start("sh", command, environment, folder.resolve("said-" + RUNS.incrementAndGet()));
    }
}
