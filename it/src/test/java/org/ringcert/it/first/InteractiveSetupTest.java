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

/** {@code ringcert setup} as a process with a terminal, and a user who reads and types. */
class InteractiveSetupTest {

    private static final Path SCRIPT = Path.of("/usr/bin/script");
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    @BeforeAll
    static void requireTerminal() {
        assumeTrue(
                Files.isExecutable(SCRIPT), SCRIPT + " (Debian: bsdutils), which creates a terminal, is not installed");
    }

    /** The user at the terminal. */
    private final class TerminalUser implements AutoCloseable {

        private final Process process;
        private final Path screen = folder.resolve("screen");
        private int read;

        TerminalUser(String options) throws IOException {
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

        void answer(String question, String answer) throws IOException {
            awaitQuestion(question);
            read = screen().length();
            type(answer + "\n");
        }

        /** Waits until the screen ends with a question that contains the text. */
        void awaitQuestion(String question) {
            await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(10)).untilAsserted(() -> {
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
            assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
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
    void repeatsQuestionsAfterInvalidAnswersAndWritesTheFile() throws Exception {
        try (TerminalUser user = new TerminalUser("--site shop.example.org --port-80 apache")) {
            user.answer("CA [letsencrypt]", "letsencrpt");
            user.answer("CA [letsencrypt]", "");
            user.answer("Do you agree", "yes");
            user.answer("E-mail", "");
            user.answer("Server 1", "web0.example.org");
            user.answer("Server 2", "web0.example.org");
            user.answer("Server 2", "web1.example.org");
            user.answer("Server 3", "");
            user.answer("Mode", "files");

            assertThat(user.status()).as(user.screen()).isZero();
            assertThat(user.screen())
                    .contains("did you mean \"letsencrypt\"?", "has a node of this name already")
                    .contains("systemctl enable --now ringcert-renew.timer")
                    .doesNotContain("Site 1", "What should answer on port 80");
        }
        Configuration configuration = ConfigurationLoader.load(file());
        assertThat(configuration.nodes())
                .hasSize(2)
                .allMatch(node -> node.listen().isEmpty());
        assertThat(configuration.sites()).hasToString("[shop.example.org]");
    }

    @Test
    void writesNoFileIfTheUserGivesUp() throws Exception {
        for (String key : List.of("\u0003", "\u0004")) {
            try (TerminalUser user = new TerminalUser("")) {
                user.answer("CA [letsencrypt]", "letsencrypt");
                user.answer("Do you agree", "yes");
                user.awaitQuestion("E-mail");
                user.type(key);
                assertThat(user.status()).as(user.screen()).isEqualTo(key.equals("\u0003") ? 130 : 2);
                if (key.equals("\u0004")) {
                    assertThat(user.screen()).contains("Nothing was written");
                }
            }
            assertThat(folder.toFile().list()).containsExactly("screen");
        }
    }
}
