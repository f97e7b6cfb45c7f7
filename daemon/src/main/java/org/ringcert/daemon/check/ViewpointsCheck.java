package org.ringcert.daemon.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.view.ca.ViewpointReply;

/** The peers that could not look: what they would have seen is not known. */
final class ViewpointsCheck implements Check {

    private final CheckScope scope;
    private final Survey survey;
    private final PendingResult<Map<Node, PeerState>> peers;

    ViewpointsCheck(CheckScope scope, Survey survey, PendingResult<Map<Node, PeerState>> peers) {
        this.scope = scope;
        this.survey = survey;
        this.peers = peers;
    }

    /** How often a viewpoint was asked, and why it did not look. */
    private static final class Record {
        private int asked;
        private int seen;
        private final Set<String> cannot = new LinkedHashSet<>();
        private final Set<String> noReply = new LinkedHashSet<>();
    }

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        Map<HostName, Record> records = new LinkedHashMap<>();
        for (Sighting sighting : survey.all()) {
            if (!sighting.viewpoint().equals(scope.self())) {
                Record record = records.computeIfAbsent(sighting.viewpoint(), _ -> new Record());
                record.asked++;
                switch (sighting.reply()) {
                    case ViewpointReply.Seen _ -> record.seen++;
                    case ViewpointReply.CannotLook(String reason) -> record.cannot.add(reason);
                    case ViewpointReply.NoReply(String reason) -> record.noReply.add(reason);
                }
            }
        }
        peers.await().forEach((peer, state) -> {
            if (state instanceof PeerState.Down) {
                // Reported by AbsentPeersCheck.
                records.remove(peer.name());
            }
        });
        List<CheckFinding> findings = new ArrayList<>();
        records.forEach((viewpoint, record) -> findings.add(finding(viewpoint, record)));
        return findings;
    }

    private static CheckFinding finding(HostName viewpoint, Record record) {
        if (record.seen == record.asked) {
            return CheckFinding.ok(Topic.VIEWPOINT, viewpoint, "looked at " + Shown.count(record.seen, "name"));
        }
        String missing =
                record.seen == 0 ? "" : " at " + (record.asked - record.seen) + " of " + record.asked + " names";
        if (!record.cannot.isEmpty()) {
            return CheckFinding.warning(
                    Topic.VIEWPOINT,
                    viewpoint,
                    "cannot look" + missing + ": " + Shown.list(record.cannot),
                    "So there is one viewpoint less. The daemon of this version can look; a web server in files mode"
                            + " and earlier versions cannot.");
        }
        return CheckFinding.warning(
                Topic.VIEWPOINT,
                viewpoint,
                "did not say what it sees" + missing + ": " + Shown.list(record.noReply),
                "Run `ringcert check` there as well, and see whether its daemon runs and can reach this server.");
    }
}
