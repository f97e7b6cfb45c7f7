package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.daemon.config.FrontSettings;
import org.ringcert.view.ca.ViewpointReply;

/**
 * What happens while a peer is absent: which peers are down now, whether walks step over them, and which names lead to
 * a peer alone, so that no other server can help.
 */
final class AbsentPeersCheck implements Check {

    private static final String START = "Start it, or remove it from the configuration if it is gone for good.";
    private static final String REPLACE =
            "See which program listens there. It must be a web server or the Ringcert daemon.";

    private final CheckScope scope;
    private final Survey survey;
    private final PendingResult<Map<Node, PeerState>> states;

    /** @param states how each peer answers this server */
    AbsentPeersCheck(CheckScope scope, Survey survey, PendingResult<Map<Node, PeerState>> states) {
        this.scope = scope;
        this.survey = survey;
        this.states = states;
    }

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        Map<Node, PeerState> answered = states.await();
        NodeAddresses nodes = survey.nodeAddresses(scope);
        List<CheckFinding> findings = new ArrayList<>();
        if (!answered.isEmpty()) {
            stepOver().ifPresent(text -> findings.add(CheckFinding.ok(Topic.PEER, "absent peers", text)));
        }
        for (Node peer : scope.cluster().peers()) {
            PeerState state = answered.getOrDefault(peer, new PeerState.Down("it was not asked"));
            findings.addAll(look(peer.name(), state, nodes));
        }
        return findings;
    }

    private List<CheckFinding> look(HostName peer, PeerState state, NodeAddresses nodes) throws InterruptedException {
        List<HostName> alone = namesThatLeadTo(peer, nodes);
        Set<HostName> blocked = entriesBlockedBy(peer, nodes);
        return List.of(
                switch (state) {
                    case PeerState.Up _ -> up(peer, alone, blocked);
                    case PeerState.Down(String reason) ->
                        down(peer, "is down now, and cannot look either: " + reason, START, alone, blocked);
                    case PeerState.Garbled(String where) ->
                        down(peer, "does not speak HTTP at " + where, REPLACE, alone, blocked);
                });
    }

    private CheckFinding up(HostName peer, List<HostName> alone, Set<HostName> blocked) {
        String lost = alone.isEmpty() ? "" : "; without it, " + Shown.list(alone) + " cannot be validated";
        return blocked.isEmpty()
                ? CheckFinding.ok(Topic.PEER, peer, "is up" + lost)
                : CheckFinding.warning(
                        Topic.PEER, peer, "is up; without it, " + unreachableFrom(blocked) + lost, remedy(blocked));
    }

    private CheckFinding down(HostName peer, String state, String remedy, List<HostName> alone, Set<HostName> blocked) {
        String lost = alone.isEmpty()
                ? ""
                : "; " + Shown.list(alone) + (alone.size() == 1 ? " leads" : " lead")
                        + " to it alone and cannot be validated until moved to another server";
        String text = state + lost;
        return blocked.isEmpty()
                ? CheckFinding.warning(Topic.PEER, peer, text, remedy)
                : CheckFinding.failure(
                        Topic.PEER, peer, text + "; " + unreachableFrom(blocked), remedy + " " + remedy(blocked));
    }

    private String unreachableFrom(Set<HostName> entries) {
        return "validations that begin at " + Shown.list(entries) + " cannot reach this server: " + reason(entries);
    }

    /** Returns what a peer that does not answer costs; empty if nothing steps over it. */
    private Optional<String> stepOver() {
        FrontSettings front = scope.configuration().front();
        return switch (front.handoff()) {
            case REDIRECT, RELAY ->
                Optional.of("a peer that does not answer is stepped over, in up to a second the first time and 0.3 s"
                        + " after that");
            case RING ->
                front.peerCheckInterval()
                        .map(interval -> "a peer that does not answer is stepped over within about "
                                + Shown.duration(interval.plusSeconds(2)));
        };
    }

    /** Returns how the servers at which walks begin can learn to step over a peer. */
    private String remedy(Set<HostName> entries) {
        List<HostName> filesMode = scope.nodesInFilesMode().stream()
                .map(Node::name)
                .filter(entries::contains)
                .toList();
        String daemon = filesMode.isEmpty()
                ? ""
                : "Let the daemon answer on " + Shown.list(filesMode)
                        + " instead of files (`ringcert web SERVER --mode proxy`).";
        String ring = filesMode.size() == entries.size()
                ? ""
                : "Choose `handoff = \"redirect\"` in [front], or set `watch` in [front].";
        return (ring + " " + daemon).strip();
    }

    private String reason(Set<HostName> entries) {
        FixedRoutes routes = new FixedRoutes(scope);
        return entries.stream()
                .flatMap(entry -> routes.reasonAt(entry).stream())
                .findFirst()
                .orElse("nothing steps over it");
    }

    /** Returns the nodes at which a site's name begins, and whose walks here lead through the peer in any case. */
    private Set<HostName> entriesBlockedBy(HostName peer, NodeAddresses nodes) throws InterruptedException {
        FixedRoutes routes = new FixedRoutes(scope);
        Set<HostName> blocked = new LinkedHashSet<>();
        for (HostName name : scope.siteNames()) {
            for (InetAddress address : published(name)) {
                nodes.nodeAt(address)
                        .filter(entry -> !entry.equals(scope.self()) && !entry.equals(peer))
                        .filter(entry -> routes.peersBetween(entry).contains(peer))
                        .ifPresent(blocked::add);
            }
        }
        return blocked;
    }

    private List<HostName> namesThatLeadTo(HostName peer, NodeAddresses nodes) throws InterruptedException {
        Set<InetAddress> addresses = nodes.addressesOf(peer);
        List<HostName> names = new ArrayList<>();
        for (HostName name : scope.siteNames()) {
            Set<InetAddress> published = published(name);
            if (!published.isEmpty() && addresses.containsAll(published)) {
                names.add(name);
            }
        }
        return names;
    }

    /** Returns the addresses that the DNS gives this server; empty if this server has not looked. */
    private Set<InetAddress> published(HostName name) throws InterruptedException {
        for (Sighting sighting : survey.of(name)) {
            if (sighting.viewpoint().equals(scope.self())
                    && sighting.reply() instanceof ViewpointReply.Seen(var view)) {
                return new LinkedHashSet<>(view.addresses().all());
            }
        }
        return Set.of();
    }
}
