package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.view.ca.ValidationRules.Strictness;

/** Rules 13 to 15: where redirects may lead. */
class TargetRulesTest {

    private WalkLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new WalkLab();
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    private Walk walkBy(String location) {
        return lab.walkBy(location.replace("PORT", String.valueOf(lab.port())));
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://web1.example.org/x, neither http nor https",
        "javascript:alert(1), neither http nor https",
        "ws://web1.example.org/x, neither http nor https",
        "http:x, no host",
        "https:/x, no host"
    })
    void rule13LeadsToHttpOrHttps(String location, String reason) {
        assertThat(WalkLab.refusal(walkBy(location)).what()).contains(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://web1.example.org:1/x", "http://web1.example.org/x", "https://web1.example.org:65535/x"})
    void rule13LeadsToThePortsOfValidation(String location) {
        Problem problem = WalkLab.refusal(walkBy(location));
        assertThat(problem.rule()).isEqualTo(Rule.TARGET_PORT);
        assertThat(problem.caSays()).contains("must be " + lab.port() + " or 443");
        assertThat(lab.lookups).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {":", ":080", ":+80", ":http", ":0", ":123456", ":80:80"})
    void rule13NeedsAPortThatAllClientsRead(String port) {
        assertThat(WalkLab.refusal(walkBy("http://web1.example.org" + port + "/x"))
                        .rule())
                .isEqualTo(Rule.LOCATION);
    }

    @Test
    void rule13NoPortIsAbove65535() {
        assertThat(WalkLab.refusal(walkBy("http://web1.example.org:65616/x")).what())
                .contains("65535");
    }

    @Test
    void rule13OtherPortsAreSuspiciousForAPrivateCa() throws IOException {
        lab.strictness = Strictness.PRIVATE_CA;
        try (RawServer other = RawServer.start(WalkLab.LOOPBACK, 0)) {
            other.respond(request -> WalkLab.ok());
            Walk walk = walkBy("http://www.example.org:" + other.port() + "/x");
            assertThat(walk.isAccepted()).as("%s", walk).isTrue();
            assertThat(WalkLab.warnings(walk)).contains(Rule.TARGET_PORT);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http:///x, it is empty",
        "http://:PORT/x, it is empty",
        "http://localhost:PORT/x, not a public host name",
        "http://web1:PORT/x, not a public host name",
        "http://web1.local:PORT/x, not a public host name",
        "http://web1.lan:PORT/x, not a public host name",
        "http://web1.internal:PORT/x, not a public host name",
        "http://web1.test:PORT/x, not a public host name",
        "http://0x7f.1:PORT/x, not a public host name",
        "http://127.1:PORT/x, not a public host name",
        "http://2130706433:PORT/x, not a public host name",
        "http://127.000.0.1:PORT/x, not a public host name",
        "http://web1.example.org.:PORT/x, dot",
        "http://web1..example.org:PORT/x, labels",
        "http://-web1.example.org:PORT/x, hyphen",
        "http://a_b.example.org:PORT/x, underscore",
        "http://%77eb1.example.org:PORT/x, percent sign",
        "http://[fe80::1%25eth0]:PORT/x, percent sign",
        "http://[::ffff:127.0.0.1]:PORT/x, IPv4 address in the form of IPv6",
        "http://[::1::2]:PORT/x, not an IP address",
        "http://300.1.1.1:PORT/x, not an IP address",
        "http://user@web1.example.org:PORT/x, a user name",
        "http://user:password@web1.example.org:PORT/x, a user name"
    })
    void rule14LeadsToAPublicHost(String location, String reason) {
        Problem problem = WalkLab.refusal(walkBy(location));
        assertThat(problem.what()).contains(reason);
        assertThat(lab.server.requests()).hasSize(1);
        assertThat(lab.lookups).containsExactly(WalkLab.SITE);
    }

    @Test
    void rule14RecognizesAMissingSlash() {
        Problem problem = WalkLab.refusal(walkBy("https://www.example.org.well-known/acme-challenge/x"));
        assertThat(problem.rule()).isEqualTo(Rule.TARGET_HOST);
        assertThat(problem.caSays()).contains("missing '/'");
        assertThat(problem.remedy()).contains("slash");
    }

    @Test
    void rule14OtherNamesAreSuspiciousForAPrivateCa() {
        lab.strictness = Strictness.PRIVATE_CA;
        lab.publish(new HostName("web1.internal"), WalkLab.LOOPBACK);
        Walk walk = walkBy("http://web1.internal:PORT/x");
        assertThat(walk.isAccepted()).isTrue();
        assertThat(WalkLab.warnings(walk)).containsExactly(Rule.TARGET_HOST);
    }

    @Test
    void rule14TheNameItselfMustBePublic() {
        Problem problem = WalkLab.refusal(
                lab.walker().walk(new HostName("web1.internal"), WalkLab.ANSWER, ValidationRules.MAX_TIME));
        assertThat(problem.rule()).isEqualTo(Rule.TARGET_HOST);
        assertThat(lab.server.requests()).isEmpty();
    }

    @Test
    void rule14AnIpAddressIsSuspicious() {
        Walk walk = walkBy("http://127.0.0.1:PORT/x");
        assertThat(walk.isAccepted()).isTrue();
        assertThat(WalkLab.warnings(walk)).containsExactly(Rule.TARGET_HOST);
        assertThat(lab.lookups).containsExactly(WalkLab.SITE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "192.168.1.1", "169.254.169.254", "[fd00::1]", "0.0.0.0"})
    void rule14NoIpAddressIsPrivate(String literal) {
        Problem problem = WalkLab.refusal(walkBy("http://" + literal + ":PORT/x"));
        assertThat(problem.rule()).isEqualTo(Rule.PUBLIC_ADDRESS);
        assertThat(lab.server.requests()).hasSize(1);
    }

    @Test
    void rule15ThePathHasUpTo2000Bytes() {
        assertThat(walkBy("/" + "x".repeat(1999)).isAccepted()).isTrue();
    }

    @Test
    void rule15AnEscapeIsOneByte() {
        assertThat(walkBy("/" + "%41".repeat(1999)).isAccepted()).isTrue();
    }

    @Test
    void rule15ThePathHasNotMoreThan2000Bytes() {
        Problem problem = WalkLab.refusal(walkBy("/" + "x".repeat(2000)));
        assertThat(problem.rule()).isEqualTo(Rule.TARGET_PATH);
        assertThat(problem.what()).contains("2001 bytes");
    }

    @Test
    void rule15TheQueryDoesNotCountAndIsKept() {
        String query = "?q=" + "x".repeat(5000);
        assertThat(walkBy("/x" + query).isAccepted()).isTrue();
        assertThat(lab.server.targets().getLast()).isEqualTo("/x" + query);
    }

    @Test
    void rule15AFragmentIsNotSentAndSuspicious() {
        Walk walk = walkBy("/x?y#here");
        assertThat(walk.isAccepted()).isTrue();
        assertThat(lab.server.targets().getLast()).isEqualTo("/x?y");
        assertThat(walk.hops().getLast().url()).doesNotContain("#");
        assertThat(WalkLab.warnings(walk)).containsExactly(Rule.TARGET_PATH);
    }
}
