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
    private static final class Replies {
        private int asked;
        private int seen;
        private final Set<String> cannot = new LinkedHashSet<>();
        private final Set<String> remedies = new LinkedHashSet<>();
        private final Set<String> noReply = new LinkedHashSet<>();
    }

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        Map<HostName, Replies> repliesByViewpoint = new LinkedHashMap<>();
        for (Sighting sighting : survey.all()) {
            if (!sighting.viewpoint().equals(scope.self())) {
                Replies replies = repliesByViewpoint.computeIfAbsent(sighting.viewpoint(), _ -> new Replies());
                replies.asked++;
                switch (sighting.reply()) {
                    case ViewpointReply.Seen _ -> replies.seen++;
                    case ViewpointReply.CannotLook(String reason, String remedy) -> {
                        replies.cannot.add(reason);
                        replies.remedies.add(remedy);
                    }
                    case ViewpointReply.NoReply(String reason) -> replies.noReply.add(reason);
                }
            }
        }
        peers.await().forEach((peer, state) -> {
            if (!(state instanceof PeerState.Up)) {
                // Reported by AbsentPeersCheck.
                repliesByViewpoint.remove(peer.name());
            }
        });
        List<CheckFinding> findings = new ArrayList<>();
        repliesByViewpoint.forEach((viewpoint, replies) -> findings.add(finding(viewpoint, replies)));
        return findings;
    }

    private static CheckFinding finding(HostName viewpoint, Replies replies) {
        if (replies.seen == replies.asked) {
            return CheckFinding.ok(Topic.VIEWPOINT, viewpoint, "can look");
        }
        String missing =
                replies.seen == 0 ? "" : " at " + (replies.asked - replies.seen) + " of " + replies.asked + " names";
        if (!replies.cannot.isEmpty()) {
            return CheckFinding.warning(
                    Topic.VIEWPOINT,
                    viewpoint,
                    "cannot look" + missing + ": " + Shown.list(replies.cannot),
                    String.join(" ", replies.remedies));
        }
        return CheckFinding.warning(
                Topic.VIEWPOINT,
                viewpoint,
                "did not say what it sees" + missing + ": " + Shown.list(replies.noReply),
                "Run `ringcert check` there as well, and see whether its daemon runs and can reach this server.");
    }
}
