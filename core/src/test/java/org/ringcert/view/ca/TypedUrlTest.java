package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.view.ca.ValidationRules.Strictness;
import org.ringcert.view.ca.Walk.Verdict;

/** A URL that a person has written is no redirect. */
class TypedUrlTest {

    private WalkLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new WalkLab();
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    private Walk trace(String url) {
        return lab.walker().trace(URI.create(url), ValidationRules.MAX_TIME);
    }

    @ParameterizedTest
    @CsvSource({
        "http://user:secret@www.example.org/, a user name",
        "ftp://www.example.org/, begins with neither http nor https",
        "http://www.example.org:8080/, the URL http://www.example.org:8080/ has port 8080",
        "http://www.example.org:65616/, the URL has the host",
        "http://www.example.org./, the URL has the host \"www.example.org.\"",
        "http://www.example.org.well-known/acme-challenge/x, the URL has the host",
        "http://10.0.0.1/x, the URL has the address 10.0.0.1",
        "http:///x, host"
    })
    void itsProblemsDoNotSpeakOfARedirect(String url, String what) {
        Problem problem = WalkLab.refusal(trace(url));
        assertThat(problem.what()).contains(what).doesNotContain("redirect", "Location", "secret");
        assertThat(problem.remedy()).doesNotContain("edirect lead", "redirect in", "redirect begin");
    }

    @Test
    void aLongPathIsThatOfTheUrl() {
        assertThat(WalkLab.refusal(trace(lab.url("www.example.org", "/" + "x".repeat(2001))))
                        .what())
                .startsWith("the path of the URL");
    }

    @Test
    void anAddressInItIsASuspicionAboutTheUrl() {
        assertThat(trace(lab.url("127.0.0.1", "/x")).warnings())
                .anySatisfy(warning -> assertThat(warning.what()).startsWith("the URL has the IP address"))
                .noneSatisfy(warning -> assertThat(warning.what()).contains("redirect"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[::1]"})
    void anAddressHasNoRecordsToRemove(String literal) throws IOException {
        lab.strictness = Strictness.PRIVATE_CA;
        int closed;
        try (RawServer free = RawServer.start(WalkLab.LOOPBACK, 0)) {
            closed = free.port();
        }
        Walk walk = trace("https://" + literal + ":" + closed + "/x");
        String remedy = walk.verdict() instanceof Verdict.Undecided undecided
                ? undecided.remedy()
                : WalkLab.refusal(walk).remedy();
        assertThat(remedy).doesNotContain("AAAA record", "DNS records", "daemon");
    }

    @ParameterizedTest
    @CsvSource({"http, 80", "https, 443"})
    void thePortsOfPublicCasAreRightForAPrivateOneToo(String scheme, int port) {
        lab.strictness = Strictness.PRIVATE_CA;
        lab.httpsPort = 5001;
        assertThat(WalkLab.warnings(trace(scheme + "://127.0.0.1:" + port + "/x")))
                .doesNotContain(Rule.TARGET_PORT);
    }

    @Test
    void aRedirectAfterItIsOne() {
        lab.server.respond(request -> WalkLab.redirect("http://user:secret@www.example.org/"));
        assertThat(WalkLab.refusal(trace(lab.url("www.example.org", "/x"))).what())
                .startsWith("the Location \"http://...@www.example.org/\"");
    }
}
