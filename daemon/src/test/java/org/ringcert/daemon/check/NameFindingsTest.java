package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.HttpsView;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.ReportedProblem;
import org.ringcert.view.ca.Rule;
import org.ringcert.view.ca.ViewpointReply;
import org.ringcert.view.ca.Walk;

class NameFindingsTest extends CheckFixture {

    @Test
    void allIsWellIfEveryViewpointIsAnswered() throws Exception {
        assertThat(judge(own(seen(WWW, accepted(IP0))), by1(seen(WWW, accepted(IP0))), by2(seen(WWW, accepted(IP0)))))
                .isEmpty();
    }

    @Test
    void whatEverybodySeesIsOneFailureWithWhatTheCaWouldSayAndTheRemedy() throws Exception {
        List<CheckFinding> findings =
                judge(own(seen(WWW, refused(IP1, REFUSED))), by2(seen(WWW, refused(IP1, REFUSED))));

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.FAILURE);
            assertThat(finding.text())
                    .isEqualTo("at 192.0.2.11: the connection was refused; the CA would say: Connection refused");
            assertThat(finding.remedy()).contains("Open port 80 in the firewall.");
        });
    }

    @Test
    void aServerThatCannotSeeItselfIsWarnedAboutHairpinNatAndSplitDnsIfPeersSucceed() throws Exception {
        List<CheckFinding> findings = judge(
                own(seen(WWW, refused(IP0, REFUSED))), by1(seen(WWW, accepted(IP0))), by2(seen(WWW, accepted(IP0))));

        assertThat(levels(findings)).containsOnly(Level.WARNING);
        assertThat(findings)
                .anySatisfy(finding -> assertThat(finding.text()).contains("seen from web0.example.org"))
                .anySatisfy(finding -> {
                    assertThat(finding.text()).contains("hairpin NAT", "split DNS", "web1.example.org");
                    assertThat(finding.remedy().orElseThrow()).contains("Orders are made");
                });
    }

    @Test
    void aFailureOfThisServerStaysOneIfAPeerFailsToo() throws Exception {
        List<CheckFinding> findings = judge(
                own(seen(WWW, refused(IP0, REFUSED))),
                by1(seen(WWW, refused(IP0, REFUSED))),
                by2(seen(WWW, accepted(IP0))));

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.FAILURE);
            assertThat(finding.text()).contains("(seen from web0.example.org and web1.example.org)");
        });
    }

    @Test
    void aFailureOfThisServerStaysOneIfNobodyElseLooked() throws Exception {
        List<CheckFinding> findings =
                judge(own(seen(WWW, refused(IP0, REFUSED))), by1(new ViewpointReply.NoReply("no answer within 4 s")));

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.FAILURE);
            assertThat(finding.remedy().orElseThrow()).contains("behind NAT");
        });
    }

    @Test
    void aPeerThatCannotSeeItselfIsAWarning() throws Exception {
        assertThat(levels(judge(
                        own(seen(WWW, accepted(IP1))),
                        by1(seen(WWW, refused(IP1, REFUSED))),
                        by2(seen(WWW, accepted(IP1))))))
                .containsExactly(Level.WARNING);
    }

    @Test
    void aPeerThatCannotReachAnotherServerIsAFailure() throws Exception {
        assertThat(judge(own(seen(WWW, accepted(IP1))), by2(seen(WWW, refused(IP1, REFUSED)))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.FAILURE);
                    assertThat(finding.text())
                            .startsWith("at 192.0.2.11: web2.example.org says: the connection was refused");
                });
    }

    /** A peer's report has neither excerpts nor advice. */
    @Test
    void whatAPeerReportsIsTheSameProblemIfThisServerSeesIt() throws Exception {
        Problem own =
                new Problem(Rule.BODY, "not the answer: \"Hello\"", "It did not match", "Look.", "not the answer");
        Problem reported = ReportedProblem.of(Rule.BODY, "not the answer");

        assertThat(judge(own(seen(WWW, refused(IP1, own))), by2(seen(WWW, refused(IP1, reported)))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.text())
                            .contains("not the answer: \"Hello\"; the CA would say: It did not match");
                    assertThat(finding.remedy()).contains("Look.");
                });
    }

    @Test
    void whatOnlyPeersReportIsOneFindingThatQuotesThem() throws Exception {
        Problem reported = ReportedProblem.of(Rule.BODY, "not the answer");

        assertThat(judge(
                        own(seen(WWW, accepted(IP1))),
                        by1(seen(WWW, refused(IP2, reported))),
                        by2(seen(WWW, refused(IP1, reported)))))
                .filteredOn(finding -> finding.level() == Level.FAILURE)
                .singleElement()
                .satisfies(finding -> assertThat(finding.text())
                        .contains("web1.example.org and web2.example.org say: not the answer"));
    }

    @Test
    void anIpv6AddressThatLeadsNowhereIsAFailureThoughIpv4Works() throws Exception {
        assertThat(judge(own(seen(WWW, refused(IP6, REFUSED), accepted(IP0)))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.FAILURE);
                    assertThat(finding.text()).startsWith("at 2001:db8::10: ");
                });
    }

    @Test
    void anIpv4AddressThatLeadsNowhereIsAWarningIfIpv6Works() throws Exception {
        assertThat(levels(judge(own(seen(WWW, accepted(IP6), refused(IP0, REFUSED))))))
                .containsExactly(Level.WARNING);
    }

    /** Such as an address from fc00::/7: it is published, and no CA goes there. */
    @Test
    void anIpv4AddressThatLeadsNowhereIsAFailureIfCasDoNotUseTheIpv6Address() throws Exception {
        NameView view = new NameView(
                WWW,
                addresses(List.of(InetAddress.ofLiteral("fd00::10"), IP0)),
                List.of(refused(IP0, REFUSED)),
                List.of(),
                List.of(),
                true);

        assertThat(levels(judge(own(new ViewpointReply.Seen(view))))).containsExactly(Level.FAILURE);
    }

    @Test
    void oneDeadIpv4AddressOfTwoIsAFailure() throws Exception {
        assertThat(levels(judge(own(seen(WWW, accepted(IP0), refused(IP1, REFUSED))))))
                .containsExactly(Level.FAILURE);
    }

    @Test
    void anAddressWithoutARouteIsDecidedByAPeerThatHasOne() throws Exception {
        assertThat(judge(own(seen(WWW, undecided(IP6))), by1(seen(WWW, accepted(IP6)))))
                .isEmpty();
        assertThat(levels(judge(own(seen(WWW, undecided(IP6))), by1(seen(WWW, refused(IP6, REFUSED))))))
                .containsExactly(Level.FAILURE);
    }

    @Test
    void anAddressThatNobodyHasARouteToIsAWarning() throws Exception {
        assertThat(judge(own(seen(WWW, undecided(IP6), accepted(IP0))), by1(seen(WWW, undecided(IP6), accepted(IP0)))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.WARNING);
                    assertThat(finding.text()).contains("nobody could validate", "no route for IPv6");
                    assertThat(finding.remedy()).contains("Try elsewhere.");
                });
    }

    /** That the peer finds nothing wrong at the other address does not excuse this server. */
    @Test
    void aFailureAtAnAddressThatPeersHaveNoRouteToStaysOne() throws Exception {
        List<CheckFinding> findings = judge(
                own(seen(WWW, refused(IP6, REFUSED), accepted(IP0))), by1(seen(WWW, undecided(IP6), accepted(IP0))));

        assertThat(findings)
                .singleElement()
                .satisfies(finding -> assertThat(finding.level()).isEqualTo(Level.FAILURE));
    }

    @Test
    void aServerThatIsRedirectedToItselfAndGetsNoAnswerIsAWarningIfOthersDo() throws Exception {
        assertThat(judge(
                        own(seen(WWW, redirectedTo(IP0, IP1))),
                        by1(seen(WWW, accepted(IP1))),
                        by2(seen(WWW, refused(IP1, NOT_FOUND)))))
                .anySatisfy(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.WARNING);
                    assertThat(finding.remedy().orElseThrow()).contains("behind NAT", "web0.example.org");
                });
    }

    @Test
    void aServerThatIsRedirectedToItselfInVainIsAFailureIfNobodyGetsAnAnswer() throws Exception {
        assertThat(levels(judge(own(seen(WWW, redirectedTo(IP0, IP1))), by2(seen(WWW, redirectedTo(IP0, IP1))))))
                .containsExactly(Level.FAILURE);
    }

    @Test
    void theSameProblemWithDifferentTokensIsOneFinding() throws Exception {
        assertThat(judge(
                        own(seen(WWW, refused(IP2, notFound("0123456789abcdef")))),
                        by1(seen(WWW, refused(IP2, notFound("fedcba9876543210"))))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text())
                        .isEqualTo(
                                "192.0.2.12 answers http://www.example.org/.well-known/acme-challenge/TOKEN with 404"));
    }

    private static final Problem NOT_FOUND = notFound("0123456789abcdef");

    private static Problem notFound(String token) {
        return new Problem(
                Rule.FINAL_STATUS,
                "192.0.2.12 answers http://www.example.org/.well-known/acme-challenge/" + token + " with 404",
                "",
                "");
    }

    /** Returns what is seen if the server at one address redirects to one that does not respond. */
    private static AddressView redirectedTo(InetAddress silent, InetAddress first) {
        Walk.Hop redirect =
                new Walk.Hop("http://www.example.org/x", Optional.of(first), OptionalInt.of(302), Duration.ofMillis(3));
        Walk.Hop last = new Walk.Hop(
                "http://web0.example.org/x", Optional.of(silent), OptionalInt.empty(), Duration.ofMillis(3));
        return new AddressView(
                first,
                new Walk(List.of(redirect, last), new Walk.Verdict.Refused(REFUSED), List.of()),
                new HttpsView.NotSeen());
    }

    @Test
    void differentAddressesHereAndThereAreSplitDns() throws Exception {
        assertThat(judge(own(seen(WWW, accepted(IP0))), by1(seen(WWW, accepted(IP2)))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.WARNING);
                    assertThat(finding.text())
                            .contains("192.0.2.10 here", "192.0.2.12 to web1.example.org", "split DNS");
                });
    }

    @Test
    void aNameWithoutAddressesFails() throws Exception {
        Problem none = new Problem(Rule.DNS, "the name has no address", "no valid A records", "Publish one.");
        HostAddresses nothing = new HostAddresses(new AddressLookup.None(), new AddressLookup.None());
        NameView view = new NameView(WWW, nothing, List.of(), List.of(none), List.of(), true);

        assertThat(judge(own(new ViewpointReply.Seen(view)))).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.FAILURE);
            assertThat(finding.text()).startsWith("the name has no address; the CA would say: ");
        });
    }

    @Test
    void aLookThatDidNotEndIsAWarning() throws Exception {
        NameView view = view(WWW, accepted(IP0));
        NameView cutOff = new NameView(WWW, view.addresses(), view.views(), List.of(), List.of(), false);

        assertThat(judge(own(seen(WWW, accepted(IP0))), by1(new ViewpointReply.Seen(cutOff))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.WARNING);
                    assertThat(finding.text()).contains("the look from web1.example.org did not end in time");
                });
    }

    private List<CheckFinding> judge(Sighting... sightings) throws Exception {
        NameJudgement judgement = new NameJudge(nodeAddresses()).judge(NameViews.of(WWW, WEB0, List.of(sightings)));
        return new NameFindings(Topic.SITE, scope(""), nodeAddresses()).of(judgement);
    }

    private static Sighting own(ViewpointReply reply) {
        return new Sighting(WEB0, reply);
    }

    private static Sighting by1(ViewpointReply reply) {
        return new Sighting(WEB1, reply);
    }

    private static Sighting by2(ViewpointReply reply) {
        return new Sighting(WEB2, reply);
    }

    @Test
    void aNameThatNobodyCouldTryIsUnknown() throws Exception {
        assertThat(judge(own(seen(WWW, undecided(IP6))), by1(seen(WWW, undecided(IP6)))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.isUntried()).isTrue());
        assertThat(judge(own(seen(WWW, undecided(IP6), accepted(IP0))), by1(seen(WWW, undecided(IP6), accepted(IP0)))))
                .noneMatch(CheckFinding::isUntried);
    }
}
