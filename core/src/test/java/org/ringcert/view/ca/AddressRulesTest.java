package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.view.ca.ValidationRules.Strictness;
import org.ringcert.view.ca.Walk.Verdict;

/** Rules 5 to 9: which addresses are used, in which order, and for how long. */
class AddressRulesTest {

    private static final HostName OTHER = new HostName("web1.example.org");
    private static final InetAddress PRIVATE = InetAddress.ofLiteral("10.9.8.7");
    private static final InetAddress DEAD = InetAddress.ofLiteral("127.0.0.77");
    private static final AddressLookup NONE = new AddressLookup.None();

    private WalkLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new WalkLab();
        lab.server.respond(request -> WalkLab.ok());
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    @Test
    void rule5ToleratesAFailureOfOneFamily() {
        lab.publish(
                WalkLab.SITE, new AddressLookup.Found(List.of(WalkLab.LOOPBACK)), new AddressLookup.Failed("SERVFAIL"));
        Walk walk = lab.walk();
        assertThat(walk.isAccepted()).isTrue();
        assertThat(walk.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.rule()).isEqualTo(Rule.DNS);
            assertThat(warning.what()).contains("AAAA", "SERVFAIL");
        });
    }

    @Test
    void rule5RefusesIfNeitherFamilyHasAnAddress() {
        lab.publish(WalkLab.SITE, NONE, NONE);
        assertThat(WalkLab.refusal(lab.walk()))
                .returns(Rule.DNS, Problem::rule)
                .returns("www.example.org has no address in the DNS", Problem::what);
    }

    @Test
    void rule5NamesANameThatDoesNotExist() {
        lab.publish(WalkLab.SITE, new AddressLookup.NoSuchName(), new AddressLookup.NoSuchName());
        assertThat(WalkLab.refusal(lab.walk()))
                .returns(Rule.DNS, Problem::rule)
                .returns("www.example.org does not exist in the DNS (NXDOMAIN)", Problem::what);
    }

    @Test
    void rule5RefusesIfOneFamilyFailsAndTheOtherHasNoAddress() {
        lab.publish(WalkLab.SITE, new AddressLookup.Failed("SERVFAIL\u001b[1m"), NONE);
        Problem problem = WalkLab.refusal(lab.walk());
        assertThat(problem.rule()).isEqualTo(Rule.DNS);
        assertThat(problem.what()).contains("SERVFAIL?[1m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.9.8.7", "203.0.113.5", "100.64.0.1", "fd00::1", "2001:db8::1"})
    void rule6UsesNoSpecialPurposeAddress(String literal) {
        lab.publish(WalkLab.SITE, InetAddress.ofLiteral(literal));
        Problem problem = WalkLab.refusal(lab.walk());
        assertThat(problem.rule()).isEqualTo(Rule.PUBLIC_ADDRESS);
        assertThat(problem.what()).contains(literal, "(RFC");
        assertThat(lab.walk().hops()).allMatch(hop -> hop.address().isEmpty());
    }

    @Test
    void rule6DropsSpecialPurposeAddressesAmongOthers() {
        lab.publish(WalkLab.SITE, PRIVATE, InetAddress.ofLiteral("fd00::1"), WalkLab.LOOPBACK);
        Walk walk = lab.walk();
        assertThat(walk.isAccepted()).isTrue();
        assertThat(WalkLab.warnings(walk)).containsExactly(Rule.PUBLIC_ADDRESS, Rule.PUBLIC_ADDRESS);
    }

    @Test
    void rule6SpecialPurposeAddressesAreSuspiciousForAPrivateCa() {
        lab.strictness = Strictness.PRIVATE_CA;
        Walker walker = new Walker(lab.dns(), lab.rules());
        Walk walk = walker.walk(WalkLab.SITE, WalkLab.ANSWER, ValidationRules.MAX_TIME);
        assertThat(walk.isAccepted()).isTrue();
        assertThat(WalkLab.warnings(walk)).containsExactly(Rule.PUBLIC_ADDRESS);
    }

    @Test
    void rule6LoopbackIsNotPublic() {
        Walker walker = new Walker(lab.dns(), lab.rules());
        Walk walk = walker.walk(WalkLab.SITE, WalkLab.ANSWER, ValidationRules.MAX_TIME);
        assertThat(WalkLab.refusal(walk).rule()).isEqualTo(Rule.PUBLIC_ADDRESS);
    }

    @Test
    void rule7PrefersIpv6() throws IOException {
        lab.publish(WalkLab.SITE, WalkLab.LOOPBACK, WalkLab.IPV6_LOOPBACK);
        try (RawServer ipv6 = RawServer.start(WalkLab.IPV6_LOOPBACK, lab.port())) {
            ipv6.respond(request -> "HTTP/1.1 404 Not Found\r\n\r\n");
            Walk walk = lab.walk();
            assertThat(walk.lastStatus()).hasValue(404);
            assertThat(walk.hops()).hasSize(1);
        }
    }

    @Test
    void rule7FallsBackToIpv4OnceAtTheFirstRequest() {
        lab.publish(WalkLab.SITE, WalkLab.IPV6_LOOPBACK, WalkLab.LOOPBACK);
        Walk walk = lab.walk();
        assertThat(walk.isAccepted()).isTrue();
        assertThat(walk.hops())
                .extracting(hop -> hop.address().orElseThrow())
                .containsExactly(WalkLab.IPV6_LOOPBACK, WalkLab.LOOPBACK);
        assertThat(lab.server.requests()).singleElement().asString().doesNotContain("Referer");
        assertThat(walk.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.rule()).isEqualTo(Rule.IPV6_FIRST);
            assertThat(warning.what()).contains("::1 port", "refuses the connection");
        });
    }

    @Test
    void rule7TheFallbackTakesTheFirstIpv4AddressOnly() {
        lab.publish(WalkLab.SITE, WalkLab.IPV6_LOOPBACK, DEAD, WalkLab.LOOPBACK);
        assertThat(WalkLab.refusal(lab.walk()).rule()).isEqualTo(Rule.EVERY_ADDRESS);
        assertThat(lab.server.requests()).isEmpty();
    }

    @Test
    void rule7DoesNotFallBackAfterTheConnection() throws IOException {
        lab.publish(WalkLab.SITE, WalkLab.LOOPBACK, WalkLab.IPV6_LOOPBACK);
        try (RawServer ipv6 = RawServer.start(WalkLab.IPV6_LOOPBACK, lab.port())) {
            ipv6.handle(RawServer::readHead);
            assertThat(WalkLab.refusal(lab.walk()).rule()).isEqualTo(Rule.HEADERS);
            assertThat(lab.server.requests()).isEmpty();
        }
    }

    @Test
    void rule7DoesNotFallBackAfterARedirect() {
        lab.publish(OTHER, WalkLab.IPV6_LOOPBACK, WalkLab.LOOPBACK);
        Problem problem = WalkLab.refusal(lab.walkBy(lab.url(OTHER.value(), "/x")));
        assertThat(problem.rule()).isEqualTo(Rule.IPV6_FIRST);
        assertThat(problem.remedy()).contains("AAAA");
        assertThat(lab.server.requests()).hasSize(1);
    }

    @Test
    void rule8AChosenAddressMustWorkAlone() {
        lab.publish(WalkLab.SITE, WalkLab.IPV6_LOOPBACK, WalkLab.LOOPBACK);
        Walk walk = lab.walker().walkFrom(WalkLab.SITE, DEAD, Entry.ANY_NODE, WalkLab.ANSWER, ValidationRules.MAX_TIME);
        assertThat(WalkLab.refusal(walk).rule()).isEqualTo(Rule.EVERY_ADDRESS);
        assertThat(WalkLab.refusal(walk).caSays()).endsWith("Connection refused");
        assertThat(lab.server.requests()).isEmpty();
    }

    @Test
    void rule8ReportsADeadAddressAmongThoseOfARedirectTarget() {
        lab.publish(OTHER, WalkLab.LOOPBACK, DEAD);
        Walk walk = lab.walkBy(lab.url(OTHER.value(), "/x"));
        assertThat(walk.isAccepted()).isTrue();
        assertThat(walk.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.rule()).isEqualTo(Rule.EVERY_ADDRESS);
            assertThat(warning.what()).contains("127.0.0.77", "refuses");
        });
    }

    @Test
    void rule9NeverTakesMoreThanNineSeconds() {
        assertThat(ValidationRules.MAX_TIME).isEqualTo(Duration.ofSeconds(9));
        assertThat(ValidationRules.SLOW).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void undecidedWithoutARouteToTheOnlyAddress() {
        lab.publish(WalkLab.SITE, WalkLab.WITHOUT_ROUTE);
        assertThat(undecided(lab.walk()).reason()).isEqualTo("this machine has no route to fe80::1");
        assertThat(undecided(lab.walk()).remedy()).contains("the AAAA record of www.example.org");
    }

    @Test
    void undecidedWithoutARouteToIpv6WhateverIpv4Says() {
        lab.publish(WalkLab.SITE, WalkLab.WITHOUT_ROUTE, WalkLab.LOOPBACK);
        assertThat(undecided(lab.walk()).reason())
                .isEqualTo("this machine has no route to fe80::1; over IPv4 the answer is right");
        assertThat(lab.walkTo("HTTP/1.1 404 Not Found\r\n\r\n").verdict())
                .isInstanceOf(Verdict.Undecided.class)
                .asString()
                .contains("status 404");
    }

    @Test
    void undecidedWithoutARouteToARedirectTarget() {
        lab.publish(OTHER, WalkLab.WITHOUT_ROUTE, WalkLab.LOOPBACK);
        assertThat(undecided(lab.walkBy(lab.url(OTHER.value(), "/x"))).remedy())
                .contains("the AAAA record of " + OTHER + " ");
    }

    private static Verdict.Undecided undecided(Walk walk) {
        return (Verdict.Undecided) walk.verdict();
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "::, ::",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7",
        "fe80::, fe80::",
        "192.0.2.1, 192.0.2.1"
    })
    void addressesAreWrittenInTheirShortForm(String address, String text) {
        assertThat(Excerpt.of(InetAddress.ofLiteral(address))).isEqualTo(text);
    }
}
