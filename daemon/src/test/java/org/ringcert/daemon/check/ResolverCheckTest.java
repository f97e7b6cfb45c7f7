package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Rule;
import org.ringcert.view.ca.ViewpointReply;

class ResolverCheckTest extends CheckFixture {

    private static final String REFUSES = "DNS server 127.0.0.1:5399 refuses connections over UDP and TCP";

    @Test
    void serverThatAnswersIsNamed() throws Exception {
        assertThat(look(scope(""), CheckFixture::allWell)).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.OK);
            assertThat(finding.text()).isEqualTo("/etc/resolv.conf answers");
        });
    }

    @Test
    void oneFailureIsAllThatIsSaidIfNobodySeesAnything() throws Exception {
        CheckScope scope = scope("[check]\nresolver = \"127.0.0.1:5399\"");

        assertThat(look(scope, (_, name) -> failed(name, REFUSES)))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.FAILURE);
                    assertThat(finding.subject()).isEqualTo("resolver");
                    assertThat(finding.text())
                            .startsWith(
                                    "`resolver` 127.0.0.1:5399 is of no use to all 3 nodes: " + REFUSES + "; nothing");
                    assertThat(finding.remedy().orElseThrow()).contains("`resolver` in [check]");
                });
    }

    @Test
    void whatPeersSeeStillCounts() throws Exception {
        CheckScope scope = scope("");
        try (Survey survey = survey(
                scope,
                (viewpoint, name) -> viewpoint.equals(WEB0) ? failed(name, REFUSES) : allWell(viewpoint, name))) {
            assertThat(new ResolverCheck(scope, survey).look()).singleElement().satisfies(finding -> {
                assertThat(finding.level()).isEqualTo(Level.WARNING);
                assertThat(finding.text())
                        .startsWith("/etc/resolv.conf is of no use to web0.example.org: ")
                        .endsWith("only web1.example.org and web2.example.org have looked at the names");
            });
            assertThat(levels(new SitesCheck(scope, survey).look())).containsOnly(Level.OK);
        }
    }

    @Test
    void nameWhoseOwnServersFailDoesNotBlameTheResolver() throws Exception {
        Set<HostName> broken = Set.of(WWW);
        assertThat(levels(look(
                        scope(""),
                        (viewpoint, name) -> broken.contains(name) ? failed(name, REFUSES) : allWell(viewpoint, name))))
                .containsExactly(Level.OK);
        assertThat(levels(look(scope(""), (_, name) -> failed(name, "DNS server 192.0.2.53 answered SERVFAIL: none"))))
                .containsExactly(Level.OK);
    }

    private static ViewpointReply failed(HostName name, String reason) {
        AddressLookup lookup = new AddressLookup.Failed(reason);
        Problem problem = new Problem(Rule.DNS, reason, "DNS problem", "Look into DNSSEC.");
        return new ViewpointReply.Seen(
                new NameView(name, new HostAddresses(lookup, lookup), List.of(), List.of(problem), List.of(), true));
    }

    /** Returns what this check says and those that it replaces. */
    private static List<CheckFinding> look(CheckScope scope, BiFunction<HostName, HostName, ViewpointReply> replies)
            throws Exception {
        try (Survey survey = survey(scope, replies);
                PendingResult<Map<Node, PeerState>> peers = PendingResult.start(Map::of)) {
            List<CheckFinding> findings = new ArrayList<>(new ResolverCheck(scope, survey).look());
            if (findings.stream().anyMatch(finding -> finding.level() == Level.FAILURE)) {
                findings.addAll(new SitesCheck(scope, survey).look());
                findings.addAll(new NodeNamesCheck(scope, survey, peers).look());
            }
            return findings;
        }
    }
}
