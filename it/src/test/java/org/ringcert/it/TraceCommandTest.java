package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ringcert trace} on real nodes. */
@UsesPebble
class TraceCommandTest {

    @TempDir
    private Path folder;

    @Test
    void showsEachHopOnTheWayToThisServer() throws Exception {
        try (Testbed testbed = testbed()) {
            testbed.startAllDaemons();

            assertThat(testbed.runCommand(0, 0, "trace", "shop.example.org"))
                    .startsWith("shop.example.org at 127.80.1.2\n")
                    .containsPattern(
                            "1 +127.80.1.2 +302 +\\d+ ms +http://shop.example.org:\\d+/.well-known/acme-challenge/")
                    .containsPattern(
                            "2 +127.80.1.1 +200 +\\d+ ms +http://web0.example.org:\\d+/.well-known/acme-challenge/")
                    .contains("answered: a CA would accept this")
                    .contains("The certificate also has blog.example.org");
            assertThat(testbed.cluster().store(0).resolve("challenges"))
                    .isDirectoryNotContaining("glob:**/ringcert-try-*");

            JsonNode trace = new JsonMapper().readTree(testbed.runCommand(0, 0, "trace", "shop.example.org", "--json"));
            assertThat(trace.get("answered").booleanValue()).isTrue();
            JsonNode walk = trace.get("walks").get(0);
            assertThat(walk.get("accepted").booleanValue()).isTrue();
            assertThat(walk.get("hops").size()).isEqualTo(2);
            assertThat(walk.get("hops").get(1).get("status").intValue()).isEqualTo(200);
            assertThat(walk.get("hops").get(1).get("address").stringValue()).isEqualTo("127.80.1.1");
        }
    }

    @Test
    void saysWhatACaWouldSayAndWhatToDoIfAServerDoesNotAnswer() throws Exception {
        try (Testbed testbed = testbed()) {
            testbed.startDaemons(0);

            assertThat(testbed.runCommand(0, 1, "trace", "shop.example.org"))
                    .contains("no response", "failure: ", "rule: ", "the CA would say: ", "what to do: ");
        }
    }

    @Test
    void walksFromAUrlToAnAnswerOfAnyServer() throws Exception {
        try (Testbed testbed = testbed()) {
            testbed.startAllDaemons();
            String token = Tokens.unknown();
            String url = "http://www.example.org:" + testbed.ca().httpPort() + "/.well-known/acme-challenge/" + token;

            assertThat(testbed.runCommand(1, 1, "trace", url)).contains("404", "failure: ");

            Files.writeString(
                    testbed.cluster().store(2).resolve("challenges").resolve(token), token + "." + "a".repeat(43));
            assertThat(testbed.runCommand(1, 0, "trace", url)).contains("302", "200", "answered");
        }
    }

    @Test
    void whatIsNeitherANameOfTheConfigurationNorAUrlIsWrongUsage() throws Exception {
        try (Testbed testbed = testbed()) {
            assertThat(testbed.runCommand(0, 2, "trace", "unknown.example.org"))
                    .contains("unknown.example.org is not a name of a site or node");
            assertThat(testbed.runCommand(0, 2, "trace", "ftp://www.example.org/"))
                    .contains("is not a URL such as");
            assertThat(testbed.cluster().store(0)).doesNotExist();
        }
    }

    private Testbed testbed() throws IOException {
        Testbed testbed = Testbed.start(folder, 3, "www.example.org", "shop.example.org blog.example.org");
        testbed.editConfiguration(text -> text.contains("[check]")
                ? text
                : text + "\n[check]\nresolver = \"127.0.0.1:" + testbed.ca().dnsPort() + "\"\n");
        return testbed;
    }
}
