package org.ringcert.it.first;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.daemon.cli.Ringcert;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationLoader;

/** {@code ringcert setup} as a process at a terminal of its own, with somebody who reads and types. */
class InteractiveSetupTest {

    private static final Path SCRIPT = Path.of("/usr/bin/script");
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    @BeforeAll
    static void needsATerminal() {
        assumeTrue(
                Files.isExecutable(SCRIPT), SCRIPT + " (Debian: bsdutils), which makes a terminal, is not installed");
    }

    /** Who sits at the terminal. */
    private final class Person implements AutoCloseable {

        private final Process process;
        private final Path screen = folder.resolve("screen");
        private int read;

        Person(String options) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(
                            SCRIPT.toString(),
                            "-qec",
                            "exec \"$JAVA\" -XX:TieredStopAtLevel=1 -cp \"$CLASSES\" " + Ringcert.class.getName()
                                    + " setup --config \"$FILE\" " + options,
                            "/dev/null")
                    .redirectErrorStream(true)
                    .redirectOutput(screen.toFile());
            builder.environment()
                    .put(
                            "JAVA",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString());
            builder.environment().put("CLASSES", System.getProperty("java.class.path"));
            builder.environment().put("FILE", file().toString());
            process = builder.start();
        }

        void answers(String question, String answer) throws IOException {
            isAsked(question);
            read = screen().length();
            type(answer + "\n");
        }

        /** Waits until the screen ends with a question that has these words. */
        void isAsked(String question) {
            await().atMost(LONG).pollInterval(Duration.ofMillis(10)).untilAsserted(() -> {
                assertThat(unread()).contains(question);
                assertThat(unread().substring(unread().lastIndexOf('\n') + 1))
                        .contains(question)
                        .endsWith(": ");
            });
        }

        void type(String keys) throws IOException {
            OutputStream keyboard = process.getOutputStream();
            keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
            keyboard.flush();
        }

        private String unread() throws IOException {
            return screen().substring(read);
        }

        String screen() throws IOException {
            return Files.readString(screen);
        }

        int status() throws InterruptedException {
            assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Path file() {
        return folder.resolve("ringcert.toml");
    }

    @Test
    void whoAnswersHasAFileAndWhatIsWrongIsAskedAgain() throws Exception {
        try (Person person = new Person("--site shop.example.org --port-80 apache")) {
            person.answers("CA [letsencrypt]", "letsencrpt");
            person.answers("CA [letsencrypt]", "");
            person.answers("Do you agree", "yes");
            person.answers("E-mail", "");
            person.answers("Server 1", "web0.example.org");
            person.answers("Server 2", "web0.example.org");
            person.answers("Server 2", "web1.example.org");
            person.answers("Server 3", "");
            person.answers("Mode", "files");

            assertThat(person.status()).as(person.screen()).isZero();
            assertThat(person.screen())
                    .contains("did you mean \"letsencrypt\"?", "has a node of this name already")
                    .contains("systemctl enable --now ringcert-renew.timer")
                    .doesNotContain("Site 1", "Port 80 is");
        }
        Configuration configuration = ConfigurationLoader.load(file());
        assertThat(configuration.nodes())
                .hasSize(2)
                .allMatch(node -> node.listen().isEmpty());
        assertThat(configuration.sites()).hasToString("[shop.example.org]");
    }

    @Test
    void whoGivesUpHasNoFile() throws Exception {
        for (String key : List.of("\u0003", "\u0004")) {
            try (Person person = new Person("")) {
                person.answers("CA [letsencrypt]", "letsencrypt");
                person.answers("Do you agree", "yes");
                person.isAsked("E-mail");
                person.type(key);
                assertThat(person.status()).as(person.screen()).isEqualTo(key.equals("\u0003") ? 130 : 2);
                if (key.equals("\u0004")) {
                    assertThat(person.screen()).contains("Nothing was written");
                }
            }
            assertThat(folder.toFile().list()).containsExactly("screen");
        }
    }
}
