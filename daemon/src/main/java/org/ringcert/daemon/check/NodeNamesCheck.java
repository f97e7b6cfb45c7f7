package org.ringcert.daemon.check;

import java.util.ArrayList;
import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CheckFinding.Topic;

/**
 * The names of the nodes, to which CAs are redirected. This node proves its own: at every published address, the server
 * must answer without handing over. At the addresses of a peer's name, some node of the cluster must lead here; the
 * peer proves the rest when it is checked there.
 */
final class NodeNamesCheck implements Check {

    private final CheckScope scope;
    private final Survey survey;

    NodeNamesCheck(CheckScope scope, Survey survey) {
        this.scope = scope;
        this.survey = survey;
    }

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        NameJudge judge = new NameJudge(Topic.NODE, scope.self(), survey.nodeAddresses(scope));
        List<CheckFinding> findings = new ArrayList<>();
        findings.addAll(look(scope.self(), "this server: its name leads to it alone, at ", judge));
        for (HostName peer : scope.peerNames()) {
            findings.addAll(look(peer, "leads here from ", judge));
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
                                + Shown.list(judgement.viewpoints())))
                : judgement.findings();
    }
}
