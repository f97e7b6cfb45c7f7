package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.check.CheckFinding.Level;

class AbsentPeersCheckTest extends CheckFixture {

    private static final PeerState UP = new PeerState.Up(Optional.empty());
    private static final PeerState DOWN = new PeerState.Down("no answer at 192.0.2.12, port 80 (Connection refused)");

    @Test
    void peersThatAreUpSayWhichNamesLeadToThemAlone() throws Exception {
        List<CheckFinding> findings = look(scope("handoff = \"redirect\""), Map.of());

        assertThat(levels(findings)).containsOnly(Level.OK);
        assertThat(only(findings, WEB1).text()).isEqualTo("is up; without it, shop.example.org cannot be validated");
        assertThat(only(findings, WEB2).text()).isEqualTo("is up");
        assertThat(only(findings, "absent peers").text()).contains("stepped over");
    }

    @Test
    void aPeerThatIsDownIsNamedAndNoFailureIfItIsSteppedOver() throws Exception {
        for (String front : List.of("handoff = \"redirect\"", "handoff = \"relay\"", "handoff = \"ring\"")) {
            CheckFinding finding = only(look(scope(front), Map.of(WEB2, DOWN)), WEB2);

            assertThat(finding.level()).as(front).isEqualTo(Level.WARNING);
            assertThat(finding.text()).contains("is down now, and cannot look either: no answer at 192.0.2.12");
            assertThat(finding.remedy()).isPresent();
        }
    }

    @Test
    void aPeerThatDoesNotSpeakHttpIsNotDown() throws Exception {
        PeerState garbled = new PeerState.Garbled("192.0.2.12, port 80");
        CheckFinding finding = only(look(scope("handoff = \"redirect\""), Map.of(WEB2, garbled)), WEB2);

        assertThat(finding.level()).isEqualTo(Level.WARNING);
        assertThat(finding.text()).startsWith("does not speak HTTP at 192.0.2.12, port 80");
        assertThat(finding.remedy().orElseThrow())
                .contains("which program listens")
                .doesNotContain("Start");
    }

    @Test
    void anUnwatchedRingCannotStepOverAPeer() throws Exception {
        CheckScope scope = scope("handoff = \"ring\"\nwatch = \"off\"");

        CheckFinding up = only(look(scope, Map.of()), WEB2);
        assertThat(up.level()).isEqualTo(Level.WARNING);
        assertThat(up.text())
                .contains("validations that begin at web1.example.org cannot reach this server", "watch = \"off\"");
        assertThat(up.remedy().orElseThrow()).contains("handoff").doesNotContain("files");

        CheckFinding down = only(look(scope, Map.of(WEB2, DOWN)), WEB2);
        assertThat(down.level()).isEqualTo(Level.FAILURE);
    }

    @Test
    void aWebServerWithFixedRulesCannotStepOverThePeerAfterIt() throws Exception {
        CheckScope scope = scope(load("""
                [[node]]
                name = "web0.example.org"
                address = "192.0.2.10"
                [[node]]
                name = "web1.example.org"
                address = "192.0.2.11"
                listen = []
                [[node]]
                name = "web2.example.org"
                address = "192.0.2.12"
                """, "handoff = \"redirect\""));

        assertThat(only(look(scope, Map.of(WEB2, DOWN)), WEB2).text())
                .contains("the web server on web1.example.org redirects by fixed rules (files mode)");
        assertThat(only(look(scope, Map.of(WEB2, DOWN)), WEB2).level()).isEqualTo(Level.FAILURE);
        assertThat(only(look(scope, Map.of(WEB2, DOWN)), WEB2).remedy().orElseThrow())
                .contains("Let the daemon answer on web1.example.org")
                .doesNotContain("handoff");
        assertThat(only(look(scope, Map.of()), WEB2).level()).isEqualTo(Level.WARNING);
        assertThat(only(look(scope, Map.of()), WEB1).level()).isEqualTo(Level.OK);
    }

    private static List<CheckFinding> look(CheckScope scope, Map<HostName, PeerState> states) throws Exception {
        Map<Node, PeerState> all = new LinkedHashMap<>();
        scope.cluster().peers().forEach(peer -> all.put(peer, states.getOrDefault(peer.name(), UP)));
        try (Survey survey = survey(scope, CheckFixture::allWell);
                PendingResult<Map<Node, PeerState>> pending = PendingResult.start(() -> all)) {
            return new AbsentPeersCheck(scope, survey, pending).look();
        }
    }
}
