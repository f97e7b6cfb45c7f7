package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.dns.AddressLookup;

/** What an administrator is told to do. */
class RemediesTest {

    private WalkLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new WalkLab();
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource({
        "401, password",
        "403, access rule",
        "404, does not have the answer",
        "421, does not serve www.example.org",
        "429, limit of requests",
        "502, the Ringcert daemon runs",
        "503, maintenance page",
        "500, An application"
    })
    void theRemedySuitsTheStatus(int status, String remedy) {
        assertThat(WalkLab.refusal(lab.walkTo("HTTP/1.1 " + status + " X\r\n\r\n"))
                        .remedy())
                .contains(remedy)
                .doesNotContain("CDN:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Server: cloudflare", "CF-RAY: 1", "Server: AkamaiGHost", "x-served-by: cache"})
    void aCdnIsRecognized(String header) {
        assertThat(WalkLab.refusal(lab.walkTo("HTTP/1.1 404 X\r\n" + header + "\r\n\r\n"))
                        .remedy())
                .contains("from a CDN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/login", "http://www.example.org:PORT", "?"})
    void aRedirectThatLosesThePathIsRecognized(String location) {
        lab.server.respond(request -> lab.server.requests().size() == 1
                ? WalkLab.redirect(location.equals("?") ? "/start?x=1" : location.replace("PORT", "" + lab.port()))
                : "HTTP/1.1 404 Not Found\r\n\r\n");
        assertThat(WalkLab.refusal(lab.walk()).remedy())
                .startsWith("The redirect from "
                        + lab.url("www.example.org", WalkLab.ANSWER.token().path()))
                .contains("loses the path", "$request_uri");
    }

    @Test
    void aRedirectThatLosesThePathAndLoopsIsRecognized() {
        lab.server.respond(request -> WalkLab.redirect("/"));
        Problem problem = WalkLab.refusal(lab.walk());
        assertThat(problem.rule()).isEqualTo(Rule.LOOP);
        assertThat(problem.remedy()).contains("loses the path").doesNotContain("CDN");
    }

    @Test
    void aLoopThatKeepsThePathIsExplainedByRedirectsToEachOther() {
        lab.server.respond(request -> WalkLab.redirect("?"));
        assertThat(WalkLab.refusal(lab.walk()).remedy()).contains("http to https", "CDN");
    }

    @Test
    void cnameRecordsThatFormALoopHaveARemedyOfTheirOwn() {
        AddressLookup loop = new AddressLookup.Failed("its CNAME records form a loop");
        lab.publish(WalkLab.SITE, loop, loop);
        Problem problem = WalkLab.refusal(lab.walk());
        assertThat(problem.caSays()).startsWith("DNS problem: SERVFAIL looking up A for www.example.org");
        assertThat(problem.remedy()).contains("Correct the CNAME records").doesNotContain("DNSSEC");
    }

    @Test
    void aStartPageAfterARedirectThatLosesThePathIsRecognized() {
        lab.server.respond(request -> lab.server.requests().size() == 1
                ? WalkLab.redirect("/")
                : WalkLab.ok("Content-Type: text/html\r\n", "<h1>Welcome</h1>"));
        Problem problem = WalkLab.refusal(lab.walk());
        assertThat(problem.what()).isEqualTo("the body is a page in HTML");
        assertThat(problem.remedy()).contains("loses the path");
    }

    @Test
    void aRedirectThatKeepsTheTokenIsNotBlamed() {
        lab.server.respond(request -> lab.server.requests().size() == 1
                ? WalkLab.redirect("/elsewhere/" + WalkLab.ANSWER.token())
                : "HTTP/1.1 404 Not Found\r\n\r\n");
        assertThat(WalkLab.refusal(lab.walk()).remedy()).doesNotContain("loses the path");
    }
}
