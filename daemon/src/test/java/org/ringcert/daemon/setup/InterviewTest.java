package org.ringcert.daemon.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions and answers, without a terminal. */
class InterviewTest {

    private static final Answers ALL = Answers.NONE
            .withCa("letsencrypt")
            .withAgreed(true)
            .withContact("")
            .withServers(List.of("web0.example.org", "web1.example.org"))
            .withSites(List.of(List.of("www.example.org", "example.org")))
            .withPort80("nginx")
            .withMode("files");

    /** What a person has written beforehand. */
    private static final class Script implements Terminal {

        private final Iterator<String> answers;
        private final List<String> shown = new ArrayList<>();

        Script(String... answers) {
            this.answers = List.of(answers).iterator();
        }

        @Override
        public void say(String line) {
            shown.add(line);
        }

        @Override
        public Optional<String> ask(String question) {
            shown.add(question);
            return answers.hasNext() ? Optional.of(answers.next()) : Optional.empty();
        }

        String shown() {
            return String.join("\n", shown);
        }
    }

    private static Answers complete(Script script, Optional<String> seen, Answers given) throws SetupException {
        Answers answers = new Interview(script, seen).complete(given);
        assertThat(script.answers).as("answers that nobody wanted").isExhausted();
        return answers;
    }

    @Test
    void allIsAskedOnceAndAnEmptyLineTakesWhatIsOffered() throws Exception {
        Script script = new Script(
                "",
                "yes",
                "",
                "web0.example.org",
                "web1.example.org",
                "",
                "www.example.org, example.org",
                "",
                "",
                "files");

        Answers answers = complete(script, Optional.of("nginx"), Answers.NONE);

        assertThat(answers).isEqualTo(ALL);
        assertThat(script.shown())
                .contains("nginx has port 80 of this server", "haproxy) [nginx]:", "terms of service");
    }

    @Test
    void whatIsKnownIsNotAsked() throws Exception {
        Script none = new Script();
        assertThat(complete(none, Optional.empty(), ALL)).isEqualTo(ALL);
        assertThat(none.shown).isEmpty();

        Answers withoutSites = ALL.withSites(List.of());
        Script one = new Script("www.example.org example.org", "");
        assertThat(complete(one, Optional.empty(), withoutSites)).isEqualTo(ALL);
        assertThat(one.shown()).doesNotContain("Server", "CA", "Port 80");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "letsencrpt                | did you mean",
                "http://ca.example.org/dir | begins with https://",
            })
    void aWrongCaIsAskedForAgainWithTheReason(String wrong, String reason) throws Exception {
        Answers known = new Answers(
                Optional.empty(), ALL.agreed(), ALL.contact(), ALL.servers(), ALL.sites(), ALL.port80(), ALL.mode());
        Script script = new Script(wrong, "letsencrypt");
        assertThat(complete(script, Optional.empty(), known)).isEqualTo(ALL);
        assertThat(script.shown()).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                   | There has to be one",
                "web0.lan             | a public CA follows redirects to public names only",
                "10.0.0.1             | this is an IP address",
                "web 0.example.org    | a host name consists of labels",
                "\"web0\"\\\\u0000    | a host name consists of labels",
                "wéb0.example.org     | xn--wb0-bma.example.org",
            })
    void aWrongServerIsAskedForAgainWithTheReason(String wrong, String reason) throws Exception {
        Script script = new Script(wrong, "web0.example.org", "WEB0.example.org", "web1.example.org", "");
        assertThat(complete(script, Optional.empty(), ALL.withServers(List.of())))
                .isEqualTo(ALL);
        assertThat(script.shown())
                .contains(reason)
                .contains("`name = \"web0.example.org\"` has a node of this name already")
                .doesNotContainPattern("line [0-9]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*.example.org                   | wildcards",
                "www.example.org,www.example.org | has this name already",
                "https://www.example.org/        | write the name alone",
            })
    void aWrongSiteIsAskedForAgainWithTheReason(String wrong, String reason) throws Exception {
        Script script = new Script(wrong, "www.example.org,example.org", "");
        assertThat(complete(script, Optional.empty(), ALL.withSites(List.of()))).isEqualTo(ALL);
        assertThat(script.shown()).contains(reason);
    }

    @Test
    void whoDoesNotAgreeIsToldWhatThatMeansAndAskedAgain() throws Exception {
        Script script = new Script("maybe", "", "no", "Y");
        Answers known = new Answers(
                ALL.ca(), Optional.empty(), ALL.contact(), ALL.servers(), ALL.sites(), ALL.port80(), ALL.mode());
        assertThat(complete(script, Optional.empty(), known)).isEqualTo(ALL);
        assertThat(script.shown()).contains("write yes or no", "no CA issues certificates without that");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "apache2  | [apache]:",
                "httpd    | [apache]:",
                "haproxy  | [haproxy]:",
                "lighttpd | haproxy):",
                "''       | [ringcert]:",
            })
    void whatHasPort80IsOffered(String program, String offered) throws Exception {
        Answers known = new Answers(
                ALL.ca(), ALL.agreed(), ALL.contact(), ALL.servers(), ALL.sites(), Optional.empty(), Optional.empty());
        Script script = new Script("lighttpd", "ringcert");
        Answers answers = complete(script, Optional.of(program).filter(name -> !name.isEmpty()), known);
        assertThat(answers).isEqualTo(known.withPort80("ringcert"));
        assertThat(script.shown()).contains(offered, "one of these: ringcert, apache, nginx, haproxy");
        if (program.equals("lighttpd")) {
            Script empty = new Script("", "haproxy");
            assertThat(complete(empty, Optional.of(program), known)).isEqualTo(known.withPort80("haproxy"));
        }
    }

    @Test
    void answersThatEndEarlyMakeNoFile() {
        assertThatThrownBy(() -> complete(new Script("", "yes"), Optional.empty(), Answers.NONE))
                .isInstanceOf(SetupException.class)
                .hasMessageContaining("Nothing was written");
    }
}
