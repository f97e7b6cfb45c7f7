package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CheckCommandTest extends CommandLineFixture {

    @Test
    void storeThatCannotBeCreatedIsOneFailureAlsoInJson() throws Exception {
        Files.writeString(folder.resolve("store"), "a file");
        String[] arguments = {
            "check",
            "--json",
            "--config",
            folder.resolve("ringcert.toml").toString(),
            "--node",
            "web0.example.org",
            "--store",
            folder.resolve("store/in-a-file").toString()
        };

        assertOneFailureOfTheStore(run(arguments), "and this user cannot create it in " + folder.resolve("store"));
        assertOneFailureOfTheStore(onNode("check", "--json"), "is not a directory");
    }

    private static void assertOneFailureOfTheStore(CommandRun run, String text) {
        assertThat(run.status()).isEqualTo(1);
        JsonNode report = new JsonMapper().readTree(run.out());
        assertThat(report.get("failures").intValue()).isOne();
        assertThat(report.get("findings")
                        .valueStream()
                        .filter(each -> each.get("level").stringValue().equals("failure")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.get("topic").stringValue()).isEqualTo("store");
                    assertThat(finding.get("text").stringValue()).contains(text);
                });
    }

    @Test
    void outputThatCannotBeWrittenIsAnError() {
        StringWriter err = new StringWriter();
        Command command = new Command("prints") {
            @Override
            public Integer call() {
                return print("text") ? 0 : 1;
            }
        };
        CommandLine line = new CommandLine(command.spec())
                .setOut(new PrintWriter(new FullDisk()))
                .setErr(new PrintWriter(err, true));

        assertThat(line.execute()).isEqualTo(1);
        assertThat(err.toString()).contains("cannot be written to standard output");
    }

    @Test
    void progressIsClearedAtOnceAndForGood() {
        StringWriter err = new StringWriter();
        ProgressLine line = ProgressLine.visible(new PrintWriter(err));
        line.show("1 of 2");
        line.clear();
        line.show("2 of 2");

        assertThat(err.toString()).isEqualTo("\r\u001b[K1 of 2\r\u001b[K");
    }

    private static final class FullDisk extends Writer {
        @Override
        public void write(char[] text, int offset, int length) throws IOException {
            throw new IOException("No space left on device");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
