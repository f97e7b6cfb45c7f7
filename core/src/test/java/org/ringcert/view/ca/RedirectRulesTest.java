package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules 10 to 12 and 16: which redirects are followed. */
class RedirectRulesTest {

    private static final String PATH = WalkLab.ANSWER.token().path();

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
    @ValueSource(ints = {301, 302, 307, 308})
    void rule10FollowsFourKindsOfRedirects(int status) {
        lab.server.respond(request ->
                lab.server.requests().size() == 1 ? "HTTP/1.1 " + status + " X\r\nLocation: /x\r\n\r\n" : WalkLab.ok());
        assertThat(lab.walk().isAccepted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 303, 304, 305, 306})
    void rule10FollowsNoOtherRedirects(int status) {
        Problem problem = WalkLab.refusal(lab.walkTo("HTTP/1.1 " + status + " X\r\nLocation: /x\r\n\r\n"));
        assertThat(problem.rule()).isEqualTo(Rule.FINAL_STATUS);
        assertThat(problem.caSays()).isEqualTo("Received disallowed redirect status code " + status);
        assertThat(lab.server.requests()).hasSize(1);
    }

    @Test
    void rule11FollowsNineRedirects() {
        lab.server.respond(request -> lab.server.requests().size() <= 9
                ? WalkLab.redirect("/hop" + lab.server.requests().size())
                : WalkLab.ok());
        Walk walk = lab.walk();
        assertThat(walk.isAccepted()).isTrue();
        assertThat(walk.redirects()).isEqualTo(9);
        assertThat(WalkLab.warnings(walk)).containsExactly(Rule.REDIRECT_COUNT);
    }

    @Test
    void rule11FollowsNotTenRedirects() {
        lab.server.respond(
                request -> WalkLab.redirect("/hop" + lab.server.requests().size()));
        Problem problem = WalkLab.refusal(lab.walk());
        assertThat(problem.rule()).isEqualTo(Rule.REDIRECT_COUNT);
        assertThat(problem.caSays()).isEqualTo("Too many hops");
        assertThat(lab.server.requests()).hasSize(10);
    }

    @Test
    void rule11OneRedirectIsNotSuspicious() {
        assertThat(lab.walkBy("/x").warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Location:\r\n", "Location: \t\r\n", "Location: /a\r\nLocation: /b\r\n"})
    void rule12NeedsExactlyOneLocation(String headers) {
        Problem problem = WalkLab.refusal(lab.walkTo("HTTP/1.1 302 X\r\n" + headers + "\r\n"));
        assertThat(problem.rule()).isEqualTo(Rule.LOCATION);
        assertThat(problem.caSays()).isEqualTo("Invalid Location header in 302 redirect");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/x y | a blank",
                "/x\ty | the byte 0x09",
                "/x\0y | malformed",
                "/x\u00a0 | the byte 0xa0",
                "\u00ef\u00bb\u00bf/x | the byte 0xef",
                "/\u00c3\u00bc | the byte 0xc3",
                "/x\\y | a backslash",
                "\\\\web1.example.org/x | a backslash",
                "\"/x\" | the character \"",
                "/a{b} | the character {",
                "/<x> | the character <",
                "/%zz | two hex digits",
                "/% | two hex digits",
                "/[x] | a bracket outside",
                "?a=[b] | a bracket outside"
            })
    void rule12RefusesLocationsThatClientsUnderstandDifferently(String location, String reason) {
        Problem problem = WalkLab.refusal(lab.walkBy(location));
        assertThat(problem.what()).contains(reason);
        assertThat(problem.remedy()).isNotEmpty();
        assertThat(lab.server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "x, /.well-known/acme-challenge/x",
        "../x, /.well-known/x",
        "./x/../y/., /.well-known/acme-challenge/y/",
        "/a/../../../b, /b",
        "/a/b/.., /a/",
        "/a//b, /a//b",
        "?x=1, PATH?x=1",
        "/x?, /x?",
        "//www.example.org:PORT/x, /x",
        "http://www.example.org:PORT, /",
        "http://www.example.org:PORT?x, /?x",
        "HTTP://WWW.EXAMPLE.ORG:PORT/X, /X",
        "/%41%2f, /%41%2f"
    })
    void rule12ResolvesRelativeLocations(String location, String target) {
        Walk walk = lab.walkBy(location.replace("PORT", String.valueOf(lab.port())));
        assertThat(walk.isAccepted()).as("%s", walk).isTrue();
        assertThat(lab.server.targets().getLast()).isEqualTo(target.replace("PATH", PATH));
        assertThat(lab.server.requests().getLast()).contains("\r\nHost: www.example.org:" + lab.port() + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP://WWW.example.org:PORT", "http://www.example.org:PORT"})
    void rule16RequestsNoUrlTwice(String prefix) {
        lab.server.respond(request -> WalkLab.redirect(prefix.replace("PORT", String.valueOf(lab.port())) + PATH));
        Problem problem = WalkLab.refusal(lab.walk());
        assertThat(problem.rule()).isEqualTo(Rule.LOOP);
        assertThat(problem.caSays()).endsWith("redirect loop detected");
        assertThat(lab.server.requests()).hasSize(1);
    }

    @Test
    void rule16FindsLoopsOfSeveralUrls() {
        lab.server.respond(request -> WalkLab.redirect(request.contains(PATH) ? "/b" : PATH));
        assertThat(WalkLab.refusal(lab.walk()).rule()).isEqualTo(Rule.LOOP);
        assertThat(lab.server.requests()).hasSize(2);
    }

    @Test
    void rule16AFragmentHidesNoLoop() {
        lab.server.respond(request -> WalkLab.redirect(PATH + "#again"));
        assertThat(WalkLab.refusal(lab.walk()).rule()).isEqualTo(Rule.LOOP);
    }

    @Test
    void rule16TheQueryMakesAUrlDifferent() {
        lab.server.respond(request -> lab.server.requests().size() < 4
                ? WalkLab.redirect(PATH + "?left=" + lab.server.requests().size())
                : WalkLab.ok());
        assertThat(lab.walk().isAccepted()).isTrue();
    }
}
