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

/** Questions and answers, with a scripted terminal. */
class InterviewTest {

    private static final Answers ALL = Answers.NONE
            .withCa("letsencrypt")
            .withTerms(Terms.ACCEPTED)
            .withContact("")
            .withServers(List.of("web0.example.org", "web1.example.org"))
            .withSites(List.of(new SiteNames(List.of("www.example.org", "example.org"))))
            .withPort80("nginx")
            .withMode("files");

    /** A terminal that gets these answers and records what is printed. */
    private static final class ScriptedTerminal implements Terminal {

        private final Iterator<String> answers;
        private final List<String> printed = new ArrayList<>();

        ScriptedTerminal(String... answers) {
            this.answers = List.of(answers).iterator();
        }

        @Override
        public void print(String line) {
            printed.add(line);
        }

        @Override
        public Optional<String> ask(String question) {
            printed.add(question);
            return answers.hasNext() ? Optional.of(answers.next()) : Optional.empty();
        }

        String printed() {
            return String.join("\n", printed);
        }
    }

    private static Answers complete(ScriptedTerminal terminal, Optional<String> programOnPort80, Answers given)
            throws SetupException {
        Answers answers = new Interview(terminal, programOnPort80).complete(given);
        assertThat(terminal.answers).as("answers that were not asked for").isExhausted();
        return answers;
    }

    @Test
    void asksForEverythingOnceAndTakesThePresetForAnEmptyLine() throws Exception {
        ScriptedTerminal terminal = new ScriptedTerminal(
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

        Answers answers = complete(terminal, Optional.of("nginx"), Answers.NONE);

        assertThat(answers).isEqualTo(ALL);
        assertThat(terminal.printed())
                .contains("nginx uses port 80 of this server", "haproxy) [nginx]:", "terms of service");
    }

    @Test
    void doesNotAskWhatIsKnown() throws Exception {
        ScriptedTerminal none = new ScriptedTerminal();
        assertThat(complete(none, Optional.empty(), ALL)).isEqualTo(ALL);
        assertThat(none.printed).isEmpty();

        Answers withoutSites = ALL.withSites(List.of());
        ScriptedTerminal one = new ScriptedTerminal("www.example.org example.org", "");
        assertThat(complete(one, Optional.empty(), withoutSites)).isEqualTo(ALL);
        assertThat(one.printed()).doesNotContain("Server", "CA", "port 80");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "letsencrpt                | did you mean",
                "http://ca.example.org/dir | begins with https://",
            })
    void asksAgainForAWrongCaWithTheReason(String wrong, String reason) throws Exception {
        Answers known = new Answers(
                Optional.empty(), ALL.terms(), ALL.contact(), ALL.servers(), ALL.sites(), ALL.port80(), ALL.mode());
        ScriptedTerminal terminal = new ScriptedTerminal(wrong, "letsencrypt");
        assertThat(complete(terminal, Optional.empty(), known)).isEqualTo(ALL);
        assertThat(terminal.printed()).contains(reason);
    }

    @Test
    void saysWhatACaCostsThatIsNotKnownToFollowRedirects() throws Exception {
        Answers known = new Answers(
                Optional.empty(),
                Optional.empty(),
                ALL.contact(),
                ALL.servers(),
                ALL.sites(),
                ALL.port80(),
                Optional.of("proxy"));
        ScriptedTerminal terminal = new ScriptedTerminal("zerossl", "yes");

        Answers answers = complete(terminal, Optional.empty(), known);

        assertThat(answers.ca()).contains("zerossl");
        assertThat(terminal.printed())
                .contains(
                        "ZeroSSL is not known to follow redirects", "to every CA: publish CAA records with accounturi")
                .contains("the terms of service of ZeroSSL and agree to them. Its directory links to them");
    }

    @Test
    void insistsOnAContactWhereTheCaDoes() throws Exception {
        Answers known = new Answers(
                Optional.of("google"),
                ALL.terms(),
                Optional.empty(),
                ALL.servers(),
                ALL.sites(),
                ALL.port80(),
                Optional.of("proxy"));
        ScriptedTerminal terminal = new ScriptedTerminal("", "ca@ringcert.org");

        assertThat(complete(terminal, Optional.empty(), known).contact()).contains("ca@ringcert.org");
        assertThat(terminal.printed())
                .contains("`contact` is missing", "Google Trust Services")
                .doesNotContain("for none");
    }

    @Test
    void refusesAWebServerWithoutDaemonForACaThatFollowsNoRedirects() throws Exception {
        Answers known = new Answers(
                Optional.of("zerossl"),
                ALL.terms(),
                ALL.contact(),
                ALL.servers(),
                ALL.sites(),
                ALL.port80(),
                Optional.empty());
        ScriptedTerminal terminal = new ScriptedTerminal("files", "proxy");

        assertThat(complete(terminal, Optional.empty(), known).mode()).contains("proxy");
        assertThat(terminal.printed())
                .contains("need the daemon on every server: choose the mode proxy")
                .doesNotContain("listen =");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                   | At least one is required",
                "web0.lan             | a public CA follows redirects to public names only",
                "10.0.0.1             | this is an IP address",
                "web 0.example.org    | a host name consists of labels",
                "\"web0\"\\\\u0000    | a host name consists of labels",
                "wéb0.example.org     | xn--wb0-bma.example.org",
            })
    void asksAgainForAWrongServerWithTheReason(String wrong, String reason) throws Exception {
        ScriptedTerminal terminal =
                new ScriptedTerminal(wrong, "web0.example.org", "WEB0.example.org", "web1.example.org", "");
        assertThat(complete(terminal, Optional.empty(), ALL.withServers(List.of())))
                .isEqualTo(ALL);
        assertThat(terminal.printed())
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
    void asksAgainForAWrongSiteWithTheReason(String wrong, String reason) throws Exception {
        ScriptedTerminal terminal = new ScriptedTerminal(wrong, "www.example.org,example.org", "");
        assertThat(complete(terminal, Optional.empty(), ALL.withSites(List.of())))
                .isEqualTo(ALL);
        assertThat(terminal.printed()).contains(reason);
    }

    @Test
    void endsIfTheTermsAreDeclined() {
        Answers known = new Answers(
                ALL.ca(), Optional.empty(), ALL.contact(), ALL.servers(), ALL.sites(), ALL.port80(), ALL.mode());
        for (String answer : List.of("no", "n", "N")) {
            assertThatThrownBy(() -> complete(new ScriptedTerminal(answer, "yes"), Optional.empty(), known))
                    .isInstanceOf(SetupException.class)
                    .hasMessage("No CA issues certificates without that. Nothing was written.");
        }
    }

    @Test
    void asksAgainIfTheAnswerAboutTheTermsIsUnclear() throws Exception {
        ScriptedTerminal terminal = new ScriptedTerminal("maybe", "", "Y");
        Answers known = new Answers(
                ALL.ca(), Optional.empty(), ALL.contact(), ALL.servers(), ALL.sites(), ALL.port80(), ALL.mode());
        assertThat(complete(terminal, Optional.empty(), known)).isEqualTo(ALL);
        assertThat(terminal.printed()).contains("write yes or no");
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
    void presetsTheProgramOnPort80(String program, String offered) throws Exception {
        Answers known = new Answers(
                ALL.ca(), ALL.terms(), ALL.contact(), ALL.servers(), ALL.sites(), Optional.empty(), Optional.empty());
        ScriptedTerminal terminal = new ScriptedTerminal("lighttpd", "ringcert");
        Answers answers = complete(terminal, Optional.of(program).filter(name -> !name.isEmpty()), known);
        assertThat(answers).isEqualTo(known.withPort80("ringcert"));
        assertThat(terminal.printed()).contains(offered, "one of these: ringcert, apache, nginx, haproxy");
        if (program.equals("lighttpd")) {
            ScriptedTerminal empty = new ScriptedTerminal("", "haproxy");
            assertThat(complete(empty, Optional.of(program), known)).isEqualTo(known.withPort80("haproxy"));
        }
    }

    @Test
    void failsIfTheInputEndsEarly() {
        assertThatThrownBy(() -> complete(new ScriptedTerminal("", "yes"), Optional.empty(), Answers.NONE))
                .isInstanceOf(SetupException.class)
                .hasMessageContaining("Nothing was written");
    }
}
