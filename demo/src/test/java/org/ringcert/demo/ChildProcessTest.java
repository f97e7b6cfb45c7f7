package org.ringcert.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void findsLinesWhileItRunsAndKeepsItsExitStatus() throws Exception {
        try (ChildProcess child = shell("echo one; echo two >&2; echo $WORD; exit 7", Map.of("WORD", "three"))) {
            assertThat(child.awaitLine(line -> line.startsWith("thr"), LONG)).isEqualTo("three");
            assertThat(child.awaitLine("one"::equals, LONG)).isEqualTo("one");
            assertThat(child.awaitExit(LONG)).isEqualTo(7);
            assertThat(child.exitCode()).hasValue(7);
            assertThat(child.isAlive()).isFalse();
            assertThat(child.output()).isEqualTo("one\ntwo\nthree\n");
        }
    }

    @Test
    void reportsTheLastOutputIfAProcessEndsBeforeTheExpectedLine() throws Exception {
        try (ChildProcess child = shell("echo cannot bind; exit 3", Map.of())) {
            assertThatThrownBy(() -> child.awaitLine("ready"::equals, LONG))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("a child ended with 3")
                    .hasMessageContaining("cannot bind");
        }
    }

    @Test
    void stopsWaitingForALineThatDoesNotCome() throws Exception {
        try (ChildProcess child = shell("echo hello; exec sleep 600", Map.of())) {
            assertThatThrownBy(() -> child.awaitLine("ready"::equals, Duration.ofMillis(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("did not print the expected line within");
        }
    }

    @Test
    void ignoresOutputOfAnEarlierProcessInTheSameFile() throws Exception {
        try (ChildProcess first = shell("echo ready", Map.of())) {
            first.awaitExit(LONG);
        }
        try (ChildProcess second = shell("echo other", Map.of())) {
            second.awaitExit(LONG);
            assertThat(second.output()).isEqualTo("other\n");
            assertThat(folder.resolve("output")).hasContent("ready\nother\n");
        }
    }

    @Test
    void terminateLetsItCleanUpAndKillDoesNot() throws Exception {
        String stubborn = "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
        try (ChildProcess child = shell(stubborn, Map.of())) {
            child.awaitLine("ready"::equals, LONG);
            child.terminate();
            assertThat(child.awaitExit(LONG)).isZero();
            assertThat(child.output()).endsWith("bye\n");
        }
        try (ChildProcess child = shell("trap '' TERM; echo ready; while :; do sleep 0.05; done", Map.of())) {
            child.kill();
            assertThat(child.exitCode()).hasValue(137);
            child.kill();
        }
    }

    @Test
    void hasAnEmptyStandardInput() throws Exception {
        try (ChildProcess child = shell("cat; echo end", Map.of())) {
            child.awaitLine("end"::equals, LONG);
        }
    }

    @Test
    void receivesSignals() throws Exception {
        try (ChildProcess child = shell("trap 'echo hup' HUP; echo ready; while :; do sleep 0.05; done", Map.of())) {
            child.awaitLine("ready"::equals, LONG);
            child.signal("HUP");
            child.awaitLine("hup"::equals, LONG);
        }
    }

    @Test
    void outlivesTheThreadThatStartedIt() throws Exception {
        FutureTask<ChildProcess> start = new FutureTask<>(() -> shell("echo ready; exec sleep 600", Map.of()));
        Thread starter = Thread.ofPlatform().start(start);
        try (ChildProcess child = start.get()) {
            starter.join();
            child.awaitLine("ready"::equals, LONG);
            assertThatThrownBy(() -> child.awaitExit(Duration.ofMillis(300))).hasMessageContaining("has not ended");
        }
    }

    @Test
    void endsWithAParentThatIsKilled() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "no setpriv on this machine");
        Path output = folder.resolve("grandchild");
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                output.toString());
        try (ChildProcess parent = ChildProcess.start("a parent", java, Map.of(), folder.resolve("parent"))) {
            long grandchild = Long.parseLong(
                    parent.awaitLine(line -> line.startsWith("pid "), LONG).substring(4));
            ProcessHandle handle = ProcessHandle.of(grandchild).orElseThrow();
            assertThat(handle.isAlive()).isTrue();
            parent.kill();
            await().atMost(LONG).until(() -> !handle.isAlive());
        }
    }

    /** Starts a child and keeps running. */
    static final class Parent {

        private Parent() {}

        public static void main(String[] arguments) throws Exception {
            Path output = Path.of(arguments[0]);
            try (ChildProcess child = ChildProcess.start("grandchild", List.of("sleep", "600"), Map.of(), output)) {
                System.out.println("pid " + child.pid());
                child.awaitExit(Duration.ofMinutes(10));
            }
        }
    }

    @Test
    void namesAMissingProgram() throws Exception {
        Path missing = folder.resolve("no-such-program");
        assertThatThrownBy(() -> {
                    try (ChildProcess child = ChildProcess.start(
                            "a child", List.of(missing.toString()), Map.of(), folder.resolve("output"))) {
                        child.awaitLine("ready"::equals, LONG);
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a child")
                .hasMessageContaining("no-such-program");
    }

    @Test
    void anInterruptEndsTheWaitAndStaysSet() throws Exception {
        try (ChildProcess child = shell("exec sleep 600", Map.of())) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> child.awaitLine("ready"::equals, LONG)).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private ChildProcess shell(String script, Map<String, String> environment) throws IOException {
        return ChildProcess.start("a child", List.of("/bin/sh", "-c", script), environment, folder.resolve("output"));
    }
}
