package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;

/**
 * {@code [alert] run} of a real daemon. The other server is down, and the file of an earlier daemon says that it has
 * been for almost an hour, so nobody has to wait for that.
 */
@UsesPebble
@Timeout(300)
class AlertCommandTest {

    private static final Path REFERENCE = Path.of("..", "docs", "ringcert.toml");
    private static final Pattern VARIABLE = Pattern.compile("(?m)^# (RINGCERT_[A-Z_]+) +[a-z]");

    @TempDir
    private Path folder;

    private final Instant since = Instant.now().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);

    private Testbed testbed;
    private Path runs;

    @BeforeEach
    void start() throws Exception {
        testbed = Testbed.start(Files.createDirectory(folder.resolve("cluster")), 2, "www.example.org");
        runs = Files.createDirectory(folder.resolve("runs"));
        Path store = Files.createDirectories(testbed.cluster().store(0));
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(store.resolve("alerts.json"), """
                {"alerts":[{"kind":"silent","node":"web1.example.org","part":"","text":"It is silent.",
                "graceSeconds":3600,"seen":"%s","since":"%s","state":"WAITING","told":false}]}
                """.formatted(Instant.now(), since));
    }

    @AfterEach
    void stop() throws Exception {
        if (testbed != null) {
            testbed.close();
        }
    }

    /** Configures a command that writes its environment to a new file. */
    private void configureRecorder() throws IOException {
        configure("env -0 >%1$s/.new && mv %1$s/.new %1$s/$$.$RINGCERT_ALERT".formatted(runs));
    }

    private void configure(String script) throws IOException {
        removeCommand();
        testbed.editConfiguration(text -> text + "[alert]\nrun = [\"/bin/sh\", \"-c\", '" + script + "']\n");
    }

    private void removeCommand() throws IOException {
        testbed.editConfiguration(text -> text.replaceAll("(?s)\\[alert].*", ""));
    }

    private ChildProcess startAndAwaitSilence() throws Exception {
        ChildProcess daemon = testbed.startDaemon(0);
        awaitMetric("ringcert_peer_silent{peer=\"web1.example.org\"} 1.0");
        return daemon;
    }

    private void awaitMetric(String line) {
        URI metrics = URI.create("http://" + testbed.cluster().adminAddress(0) + "/metrics");
        await(line).atMost(Testbed.TIMEOUT).ignoreExceptions().until(() -> {
            try (var in = metrics.toURL().openStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8).contains("\n" + line + "\n");
            }
        });
    }

    /** Makes the daemon read its file, and waits until it has logged this since. */
    private static void reload(ChildProcess daemon, String expected) throws IOException {
        int before = daemon.output().length();
        daemon.signal("HUP");
        await(expected)
                .atMost(Testbed.TIMEOUT)
                .until(() -> daemon.output().substring(before).contains(expected));
    }

    private static void stop(ChildProcess daemon) throws IOException {
        daemon.terminate();
        assertThat(daemon.awaitExit(Testbed.TIMEOUT)).as(daemon.output()).isZero();
    }

    private List<Path> runs(String phase) throws IOException {
        List<Path> found = new ArrayList<>();
        try (var files = Files.newDirectoryStream(runs, "*." + phase)) {
            files.forEach(found::add);
        }
        return found;
    }

    private void awaitRun(String phase) {
        await(phase).atMost(Testbed.TIMEOUT).until(() -> !runs(phase).isEmpty());
    }

    private Map<String, String> environment(String phase) throws IOException {
        List<Path> files = runs(phase);
        assertThat(files).hasSize(1);
        Map<String, String> environment = new TreeMap<>();
        Pattern.compile("([^=\0]+)=([^\0]*)\0")
                .matcher(Files.readString(files.getFirst()))
                .results()
                .forEach(variable -> environment.put(variable.group(1), variable.group(2)));
        return environment;
    }

    private static Set<String> documented() throws IOException {
        String text = Files.readString(REFERENCE);
        String table = text.substring(text.indexOf("# A command that tells a person"), text.indexOf("# [alert]"));
        Set<String> names = new TreeSet<>();
        VARIABLE.matcher(table).results().forEach(match -> names.add(match.group(1)));
        return names;
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void tellsOnceThatAProblemBeginsAndOnceThatItEndsOverReloadsAndRestarts() throws Exception {
        ChildProcess daemon = startAndAwaitSilence();
        reload(daemon, "needs a person: web1.example.org has not answered web0.example.org");
        assertThat(runs("begin")).as("no command yet").isEmpty();

        configureRecorder();
        reload(daemon, "`run` in [alert] changed from [] to [/bin/sh, -c, ");
        awaitRun("begin");
        Map<String, String> begin = environment("begin");
        Map<String, String> own = new TreeMap<>(begin);
        own.keySet().removeIf(name -> !name.startsWith("RINGCERT_"));
        assertThat(own.keySet()).isEqualTo(documented());
        assertThat(own)
                .containsEntry("RINGCERT_ALERT", "begin")
                .containsEntry("RINGCERT_KIND", "silent")
                .containsEntry("RINGCERT_NODE", "web0.example.org")
                .containsEntry("RINGCERT_ABOUT_NODE", "web1.example.org")
                .containsEntry("RINGCERT_SITE", "")
                .containsEntry("RINGCERT_SINCE", since.toString());
        assertThat(own.get("RINGCERT_TEXT"))
                .startsWith("web1.example.org has not answered web0.example.org on its port for challenges since ")
                .endsWith("take it out of the configuration on all servers.");
        Certificates.await(testbed, 0, 0);
        assertThat(begin.values())
                .as("no key or token")
                .noneMatch(value -> value.contains("PRIVATE KEY"))
                .doesNotContainAnyElementsOf(LoggedValidation.all(testbed).stream()
                        .map(LoggedValidation::token)
                        .toList());
        stop(daemon);
        assertThat(count(daemon.output(), "needs a person: ")).isEqualTo(1);

        ChildProcess second = startAndAwaitSilence();
        testbed.editConfiguration(text -> text.replace("/bin/sh", "/nowhere/page"));
        reload(second, "the [alert] command cannot be run: /nowhere/page does not exist");
        removeCommand();
        reload(second, "/nowhere/page, -c, ");
        configureRecorder();
        reload(second, "`run` in [alert] changed from [] to ");
        stop(second);
        assertThat(second.output()).doesNotContain("needs a person: ", "reached nobody");
        assertThat(runs("begin")).as("after a restart").hasSize(1);

        testbed.startDaemon(1);
        ChildProcess third = testbed.startDaemon(0);
        awaitMetric("ringcert_peer_silent{peer=\"web1.example.org\"} 0.0");
        reload(third, "no longer needs a person: web1.example.org (it answers again)");
        awaitRun("end");
        assertThat(environment("end"))
                .containsEntry("RINGCERT_ALERT", "end")
                .containsEntry("RINGCERT_ALERT_ID", begin.get("RINGCERT_ALERT_ID"))
                .containsEntry("RINGCERT_SINCE", since.toString());
        stop(third);
        assertThat(runs("begin")).hasSize(1);
        assertThat(Files.readString(testbed.cluster().store(0).resolve("alerts.json")))
                .doesNotContain("\"silent\"");
    }

    @Test
    void aHangingCommandDelaysNeitherOrdersNorTheStopAndIsKilledWithItsChildren() throws Exception {
        configure("trap \"\" TERM; sleep 1000 & echo $! $$ >%1$s/.new; mv %1$s/.new %1$s/hangs.pids; wait"
                .formatted(runs));
        ChildProcess daemon = startAndAwaitSilence();
        reload(daemon, "needs a person: web1.example.org");
        awaitRun("pids");
        Certificates.await(testbed, 0, 0);

        long start = System.nanoTime();
        stop(daemon);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        try (Scanner pids = new Scanner(runs("pids").getFirst(), StandardCharsets.UTF_8)) {
            while (pids.hasNextLong()) {
                long pid = pids.nextLong();
                await("process " + pid)
                        .atMost(Duration.ofSeconds(5))
                        .until(() -> ProcessHandle.of(pid)
                                .filter(ProcessHandle::isAlive)
                                .isEmpty());
            }
        }
        assertThat(daemon.output())
                .as("it is not known whether somebody was told")
                .doesNotContain("reached nobody");
    }
}
