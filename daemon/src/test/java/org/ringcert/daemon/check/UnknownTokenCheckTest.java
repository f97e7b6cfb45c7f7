package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Rule;
import org.ringcert.view.ca.Walk;

class UnknownTokenCheckTest extends CheckFixture {

    private static final String PATH = "/.well-known/acme-challenge/unknown";

    @Test
    void a404InsideTheClusterIsRight() throws Exception {
        assertThat(look(refused(Rule.FINAL_STATUS, hop("http://www.example.org" + PATH, 404))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.level()).isEqualTo(Level.OK));
    }

    @Test
    void theServerThatAnswersEveryPathIsNamedOnceWhereverTheWalkBegan() throws Exception {
        Walk.Hop answered = new Walk.Hop(
                "http://web2.example.org" + PATH, Optional.of(IP2), OptionalInt.of(200), Duration.ofMillis(3));

        assertThat(look(refused(Rule.BODY, hop("http://www.example.org" + PATH, 302), answered)))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.WARNING);
                    assertThat(finding.subject()).isEqualTo("web2.example.org");
                    assertThat(finding.text())
                            .isEqualTo("the server at 192.0.2.12 answers a token that no server holds with status 200");
                });
    }

    @Test
    void aRedirectOutOfTheClusterIsNamed() throws Exception {
        assertWarning(
                refused(
                        Rule.FINAL_STATUS,
                        hop("http://www.example.org" + PATH, 302),
                        hop("https://login.example.net/", 404)),
                "leads out of the cluster, to login.example.net");
    }

    @Test
    void aLoopIsNamed() throws Exception {
        assertWarning(refused(Rule.LOOP, hop("http://www.example.org" + PATH, 302)), "leads in circles: what was seen");
    }

    @Test
    void theTokenIsNotShown() throws Exception {
        String url = "http://www.example.org" + PROBE.token().path();
        Problem loop = new Problem(
                Rule.LOOP, "the redirect leads back to " + url, "", "The redirect from " + url + " is wrong.");
        CheckFinding finding =
                only(look(new Walk(List.of(hop(url, 302)), new Walk.Verdict.Refused(loop), List.of())), WWW);
        assertThat(finding.text()).endsWith("http://www.example.org/.well-known/acme-challenge/TOKEN");
        assertThat(finding.remedy().orElseThrow()).contains("/TOKEN is wrong");
    }

    @Test
    void aBadGatewayIsAWarning() throws Exception {
        CheckFinding finding = only(look(refused(Rule.FINAL_STATUS, hop("http://www.example.org" + PATH, 502))), WWW);
        assertThat(finding.level()).isEqualTo(Level.WARNING);
        assertThat(finding.text()).contains("ends in status 502 instead of 404");
    }

    @Test
    void fewTokensAreSpentAtEachAddress() throws Exception {
        CheckScope scope = scope("");
        List<Site> sites = java.util.stream.IntStream.range(0, 50)
                .mapToObj(i -> new Site(List.of(new org.ringcert.cluster.HostName("s" + i + ".example.org"))))
                .toList();
        CheckScope many = new CheckScope(scope.configuration(), WEB0, sites);
        AtomicInteger walks = new AtomicInteger();
        try (Survey survey = survey(many, (_, name) -> seen(name, accepted(IP0)))) {
            new UnknownTokenCheck(
                            many,
                            survey,
                            (_, _, _, _, _) -> {
                                walks.incrementAndGet();
                                return refused(Rule.FINAL_STATUS, hop("http://s0.example.org" + PATH, 404));
                            },
                            PROBE)
                    .look();
        }
        assertThat(walks).hasValue(4);
    }

    private void assertWarning(Walk walk, String text) throws Exception {
        CheckFinding finding = only(look(walk), WWW);
        assertThat(finding.level()).isEqualTo(Level.WARNING);
        assertThat(finding.text()).contains(text);
        assertThat(finding.text()).startsWith("at 192.0.2.10: ");
    }

    private List<CheckFinding> look(Walk walk) throws Exception {
        CheckScope scope = scope("");
        try (Survey survey = survey(scope, CheckFixture::allWell)) {
            return new UnknownTokenCheck(scope, survey, (_, _, _, _, _) -> walk, PROBE).look();
        }
    }

    private static Walk refused(Rule rule, Walk.Hop... hops) {
        return new Walk(
                List.of(hops),
                new Walk.Verdict.Refused(new Problem(rule, "what was seen", "", "What to do.")),
                List.of());
    }
}
