package org.ringcert.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.ready.ReadyQuestion;
import org.ringcert.daemon.ready.SharedReadiness;
import org.ringcert.view.ready.Readiness;
import org.ringcert.view.ready.Readiness.Reason;
import org.ringcert.view.ready.Readiness.Weight;
import tools.jackson.databind.json.JsonMapper;

class ReadyHandlerTest {

    private static final HostName SELF = new HostName("web0.example.org");
    private static final HostName PEER = new HostName("web1.example.org");

    private final List<ReadyQuestion> questions = new ArrayList<>();
    private Weight weight = Weight.FOR;
    private Configuration configuration;

    @BeforeEach
    void load(@TempDir Path folder) throws Exception {
        configuration = ConfigurationLoader.load(Files.writeString(folder.resolve("ringcert.toml"), """
                [[node]]
                name = "web0.example.org"
                [[node]]
                name = "web1.example.org"
                [[site]]
                names = ["www.example.org", "example.org"]
                [acme]
                directory = "https://ca.example.net/directory"
                agree-to-terms = true
                """));
    }

    private Readiness look(ReadyQuestion question) {
        questions.add(question);
        return new Readiness(question.site().name(), question.node(), List.of(new Reason(weight, "It looks well.")));
    }

    private AdminResponse ask(Map<String, String> query) throws InterruptedException {
        return new ReadyHandler(() -> configuration, SELF, new SharedReadiness(this::look))
                .answer(new AdminRequest("/readyz", query));
    }

    private static String body(AdminResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void asksAboutThisServerAndADayIfNothingElseIsSaid() throws Exception {
        AdminResponse response = ask(Map.of("site", "www.example.org"));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.contentType()).startsWith("text/plain");
        assertThat(body(response)).isEqualTo("""
                        www.example.org may move to web0.example.org now, as web0.example.org sees it
                        yes: It looks well.
                        """);
        assertThat(questions)
                .containsExactly(new ReadyQuestion(configuration.sites().getFirst(), SELF, Duration.ofDays(1)));
    }

    @Test
    void anyNameOfTheSiteAnotherServerAndAnotherTimeMayBeAskedFor() throws Exception {
        ask(Map.of("site", "Example.Org", "node", "web1", "min-left", "90m", "format", "text"));

        assertThat(questions)
                .containsExactly(new ReadyQuestion(configuration.sites().getFirst(), PEER, Duration.ofMinutes(90)));
    }

    @Test
    void whatSpeaksAgainstTheMoveIs503ButANoteIsNot() throws Exception {
        weight = Weight.NOTE;
        assertThat(ask(Map.of("site", "www.example.org")).status()).isEqualTo(200);

        weight = Weight.AGAINST;
        AdminResponse response = ask(Map.of("site", "www.example.org"));
        assertThat(response.status()).isEqualTo(503);
        assertThat(body(response)).contains("may not move", "\nno: It looks well.\n");
    }

    @Test
    void programsGetJson() throws Exception {
        AdminResponse response = ask(Map.of("site", "www.example.org", "format", "json"));

        assertThat(response.contentType()).isEqualTo("application/json");
        assertThat(JsonMapper.shared().readTree(body(response)).path("ready").asBoolean())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | which site? | {}",
                "400 | which site? | {site=}",
                "400 | this is not a host name | {site=no name}",
                "404 | no site with this name | {site=web0.example.org}",
                "404 | no node is named | {site=www.example.org; node=web9}",
                "400 | min-left: write a number and its unit | {site=www.example.org; min-left=-1d}",
                "400 | format: write json or text | {site=www.example.org; format=xml}",
                "400 | unknown parameter | {site=www.example.org; minleft=1d}",
            })
    void whatIsNoQuestionIsRefusedWithoutALook(int status, String words, String query) throws Exception {
        AdminResponse response = ask(parse(query));

        assertThat(response.status()).isEqualTo(status);
        assertThat(body(response)).contains(words);
        assertThat(questions).isEmpty();
    }

    private static Map<String, String> parse(String query) {
        Map<String, String> parameters = new HashMap<>();
        Matcher parts = Pattern.compile("([a-z-]+)=([^;}]*)").matcher(query);
        while (parts.find()) {
            parameters.put(parts.group(1), parts.group(2));
        }
        return parameters;
    }

    @Test
    void aBugIsNotAnAnswer() {
        ReadyHandler broken = new ReadyHandler(() -> configuration, SELF, new SharedReadiness(_ -> {
            throw new IllegalStateException("broken");
        }));

        assertThatThrownBy(() -> broken.answer(new AdminRequest("/readyz", Map.of("site", "www.example.org"))))
                .isInstanceOf(IllegalStateException.class);
    }
}
