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
        NodeAddresses nodes = survey.nodeAddresses(scope);
        NameJudge judge = new NameJudge(nodes);
        NameFindings problems = new NameFindings(Topic.NODE, scope, nodes);
        StrayAddresses strays = new StrayAddresses(nodes);
        List<CheckFinding> findings = new ArrayList<>();
        findings.addAll(lookAtThisServer(judge, problems, strays));
        for (Map.Entry<Node, PeerState> peer : peers.await().entrySet()) {
            // That a peer is down is reported once, by AbsentPeersCheck.
            if (peer.getValue() instanceof PeerState.Up) {
                findings.addAll(lookAtPeer(peer.getKey().name(), judge, problems, strays));
            }
        }
        return findings;
    }

    private List<CheckFinding> lookAtThisServer(NameJudge judge, NameFindings problems, StrayAddresses strays)
            throws InterruptedException {
        NameViews views = views(scope.self());
        if (views.viewpoints().isEmpty()) {
            return List.of();
        }
        List<CheckFinding> found = new ArrayList<>(problems.of(judge.judge(views)));
        found.addAll(strays.ofNode(views));
        return found.isEmpty()
                ? List.of(CheckFinding.ok(
                        Topic.NODE,
                        scope.self(),
                        "this server: its name leads to it alone, at " + Shown.addresses(views.accepted())
                                + ", seen from " + scope.list(views.viewpoints())))
                : found;
    }

    private List<CheckFinding> lookAtPeer(HostName peer, NameJudge judge, NameFindings problems, StrayAddresses strays)
            throws InterruptedException {
        NameViews views = views(peer);
        if (views.viewpoints().isEmpty()) {
            return List.of();
        }
        List<CheckFinding> found = new ArrayList<>(problems.of(judge.judge(views)));
        found.addAll(strays.ofPeer(views));
        return found.isEmpty()
                ? List.of(CheckFinding.ok(Topic.NODE, peer, "leads here from " + Shown.addresses(views.accepted())))
                : found.stream().map(CheckFinding::warningAtMost).toList();
    }

    private NameViews views(HostName name) throws InterruptedException {
        return NameViews.of(name, scope.self(), survey.usable(name));
    }
}
