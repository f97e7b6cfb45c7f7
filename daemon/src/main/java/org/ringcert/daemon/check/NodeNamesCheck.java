package org.ringcert.daemon.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.check.CheckFinding.Topic;

/**
 * The names of the nodes, to which CAs are redirected. This node proves its own: at every published address, the server
 * must answer without handing over. At the addresses of a peer's name, some node of the cluster must lead here. No
 * order of this node depends on that, so it is a warning if not; the peer proves its own name when it is checked there.
 */
final class NodeNamesCheck implements Check {

    private final CheckScope scope;
    private final Survey survey;
    private final PendingResult<Map<Node, PeerState>> peers;

    NodeNamesCheck(CheckScope scope, Survey survey, PendingResult<Map<Node, PeerState>> peers) {
        this.scope = scope;
        this.survey = survey;
        this.peers = peers;
    }

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        NameJudge judge = new NameJudge(Topic.NODE, scope, survey.nodeAddresses(scope));
        List<CheckFinding> findings = new ArrayList<>();
        findings.addAll(look(scope.self(), "this server: its name leads to it alone, at ", judge));
        for (Map.Entry<Node, PeerState> peer : peers.await().entrySet()) {
            // That a peer is down is reported once, by AbsentPeersCheck.
            if (peer.getValue() instanceof PeerState.Up) {
                look(peer.getKey().name(), "leads here from ", judge).stream()
                        .map(CheckFinding::warningAtMost)
                        .forEach(findings::add);
            }
        }
        return findings;
    }

    private List<CheckFinding> look(HostName name, String good, NameJudge judge) throws InterruptedException {
        NameJudge.Judgement judgement = judge.judge(name, survey.of(name));
        return judgement.isGood()
                ? List.of(CheckFinding.ok(
                        Topic.NODE,
                        name,
                        good + Shown.addresses(judgement.addresses()) + ", seen from "
                                + scope.list(judgement.viewpoints())))
                : judgement.findings();
    }
}
