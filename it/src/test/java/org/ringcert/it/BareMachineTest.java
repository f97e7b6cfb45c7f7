package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
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
import org.ringcert.daemon.SmallConfiguration;
import org.ringcert.demo.ChildProcess;
import org.ringcert.it.servers.Archive;

/**
 * The archive on a machine that lacks something: a network besides loopback, DNS, a locale, permission for the store.
 */
class BareMachineTest {

    /**
     * Sets a shell variable to a name that is not ASCII. It is escaped, because this JVM's locale may not have the
     * letter.
     */
    private static final String SET_UMLAUT = "u=$(printf '\\303\\274'); ";

    private static final AtomicInteger runs = new AtomicInteger();

    @TempDir
    private static Path folder;

    @BeforeAll
    static void unpack() throws IOException {
        assumeTrue(
                System.getProperty("user.name").equals("root"),
                "only root can create namespaces and become another user");
        assumeTrue(run(Map.of(), "unshare -n -u true").status() == 0, "this machine does not allow new namespaces");
        CommandResult unpacked = run(
                Map.of(),
                "chmod 755 . && tar -xzf \"$0\" && ln -s ringcert-* ringcert",
                Archive.file().toString());
        assertThat(unpacked.status()).as(unpacked.output()).isZero();
        Files.writeString(
                folder.resolve("ringcert.toml"),
                SmallConfiguration.text(
                                List.of("web0.example.org", "web1.example.org"), URI.create("http://127.0.0.1:1/dir"))
                        + """
                        [front]
                        listen = ["127.0.0.1:8080"]
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"web1", "web1.example.org", "WEB1.internal"})
    void runsWithoutDnsAndNetworkHardware(String name) throws IOException {
        String isolated =
                "ip link set lo up; hostname \"$0\"; exec ./ringcert/bin/ringcert run --config ringcert.toml --store \"store-$0\"";
        try (ChildProcess daemon = start(Map.of(), "exec unshare -n -u sh -euc '" + isolated + "' \"$0\"", name)) {
            daemon.awaitLine(line -> line.contains("www.example.org: failed"), Testbed.TIMEOUT);
            daemon.terminate();
            assertThat(daemon.awaitExit(Testbed.TIMEOUT)).isZero();
            assertThat(daemon.output())
                    .contains("web1.example.org answers on 127.0.0.1:8080")
                    .doesNotContain("WARN", "hardware");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POSIX", "de_DE.ISO-8859-1", "xx_XX.UTF-8"})
    void acceptsPathsOutsideTheLocalesCharset(String locale) throws IOException {
        CommandResult result = run(
                Map.of("LC_ALL", locale),
                SET_UMLAUT + "cp ringcert.toml \"$u.toml\"; rm -rf \"store-$u\";"
                        + " ./ringcert/bin/ringcert status --config \"$u.toml\" --node web0 --store \"store-$u\"; status=$?;"
                        + " test -d \"store-$u/certs\" && exit $status");
        assertThat(result.status()).as(result.output()).isEqualTo(1);
        assertThat(result.output()).contains("there is no certificate yet").doesNotContain("defect", "bug in Ringcert");
    }

    /** A script may start Java directly, without bin/ringcert. */
    @Test
    void reportsALocaleThatCannotEncodeAPath() throws IOException {
        Map<String, String> posix = Map.of("LC_ALL", "POSIX");
        String java = SET_UMLAUT + "set -- ./ringcert/runtime/bin/java @ringcert/jvm.args -jar ringcert/ringcert.jar; ";
        CommandResult option = run(posix, java + "exec \"$@\" status --node web0 --config \"/tmp/$u.toml\"");
        assertThat(option.status()).as(option.output()).isEqualTo(2);
        assertThat(option.output())
                .contains("/tmp/", "ANSI_X3.4-1968", "LC_ALL=C.UTF-8")
                .doesNotContain("defect", "bug in Ringcert");
        CommandResult key = run(
                posix,
                java + "{ cat ringcert.toml; echo '[store]'; echo \"directory = '/tmp/$u'\"; } >store.toml;"
                        + " exec \"$@\" status --node web0 --config store.toml");
        assertThat(key.status()).as(key.output()).isEqualTo(2);
        assertThat(key.output())
                .contains("store.toml:15:1", "LC_ALL=C.UTF-8")
                .doesNotContain("defect", "bug in Ringcert");
    }

    @Test
    void tellsAnotherUserOnceToRunAsRoot() throws IOException {
        String renew = "./ringcert/bin/ringcert renew --config ringcert.toml --node web0 --store roots";
        assertThat(run(Map.of(), renew + " --prepare").output()).contains("has a self-signed certificate");
        CommandResult other = run(Map.of(), "exec setpriv --reuid=65534 --regid=65534 --clear-groups " + renew);
        assertThat(other.status()).as(other.output()).isEqualTo(1);
        assertThat(other.output()).contains("run this as root").doesNotContain("root or as root");
    }

    private static CommandResult run(Map<String, String> environment, String script, String... arguments)
            throws IOException {
        try (ChildProcess process = start(environment, script, arguments)) {
            int status = process.awaitExit(Testbed.TIMEOUT);
            return new CommandResult(status, process.output());
        }
    }

    /** Starts a shell script in the test's directory. */
    private static ChildProcess start(Map<String, String> environment, String script, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "cd '" + folder + "'; " + script));
        command.addAll(List.of(arguments));
        return ChildProcess.start("sh", command, environment, folder.resolve("output-" + runs.incrementAndGet()));
    }
}
