package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.dns.SpecialAddresses;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.Walk;

/**
 * Explains failures by whose address it is: one of another node, or of no node. Reports nothing about an address at
 * which a viewpoint has succeeded, and never more than a warning, because the failure itself is reported elsewhere.
 */
final class StrayAddresses {

    private final NodeAddresses nodes;

    StrayAddresses(NodeAddresses nodes) {
        this.nodes = nodes;
    }

    /** Returns the addresses of a node's name that are those of another node. */
    List<CheckFinding> ofNode(NameViews views) {
        HostName name = views.name();
        List<CheckFinding> findings = new ArrayList<>();
        for (InetAddress address : refused(views)) {
            otherNodeAt(address, name)
                    .ifPresent(other -> findings.add(CheckFinding.warning(
                            Topic.NODE,
                            name,
                            name + " leads to " + Shown.address(address) + ", which is " + other
                                    + ": a server's name must lead to it alone",
                            "Remove that address from the DNS records of " + name + ".")));
        }
        return findings;
    }

    /** Returns also the addresses of a peer's name that differ from that in the file. */
    List<CheckFinding> ofPeer(NameViews views) {
        HostName name = views.name();
        List<CheckFinding> findings = new ArrayList<>(ofNode(views));
        Optional<InetAddress> configured = nodes.configured(name);
        Set<InetAddress> published = published(views);
        if (!findings.isEmpty() || configured.isEmpty() || published.contains(configured.get())) {
            return findings;
        }
        List<InetAddress> unknown = refused(views).stream()
                .filter(address -> areComparable(address, configured.get()))
                .toList();
        if (!unknown.isEmpty()) {
            findings.add(CheckFinding.warning(
                    Topic.NODE,
                    name,
                    name + " leads to " + Shown.addresses(unknown) + ", but the configuration has `address` "
                            + Shown.address(configured.get()) + " for it",
                    "Correct the DNS records of " + name + ", or its `address` in [[node]]."));
        }
        return findings;
    }

    /** Returns the addresses of a site's name that no node has. */
    List<CheckFinding> ofSite(NameViews views) {
        List<InetAddress> strangers = refused(views).stream()
                .filter(address -> nodes.nodesAt(address).isEmpty())
                .toList();
        return strangers.isEmpty()
                ? List.of()
                : List.of(CheckFinding.warning(
                        Topic.SITE,
                        views.name(),
                        Shown.addresses(strangers) + (strangers.size() == 1 ? " belongs" : " belong")
                                + " to no server of the configuration",
                        "Remove " + (strangers.size() == 1 ? "it" : "them") + " from the DNS records of " + views.name()
                                + ", or add the server to the configuration."));
    }

    private static Set<InetAddress> published(NameViews views) {
        Set<InetAddress> published = new LinkedHashSet<>();
        views.byViewpoint()
                .values()
                .forEach(view -> published.addAll(view.addresses().all()));
        return published;
    }

    /** Returns the addresses where every walk was refused. */
    private static Set<InetAddress> refused(NameViews views) {
        Set<InetAddress> refused = new LinkedHashSet<>();
        views.byViewpoint().values().stream()
                .flatMap(view -> view.views().stream())
                .filter(each -> each.walk().verdict() instanceof Walk.Verdict.Refused)
                .map(AddressView::address)
                .forEach(refused::add);
        refused.removeAll(views.accepted());
        return refused;
    }

    /** Returns which node has an address to which the name of another one leads. */
    private Optional<HostName> otherNodeAt(InetAddress address, HostName name) {
        if (nodes.configured(name).filter(address::equals).isPresent()) {
            return Optional.empty();
        }
        List<HostName> others = nodes.nodesAt(address).stream()
                .filter(other -> !other.equals(name))
                .toList();
        return others.size() == 1 ? Optional.of(others.getFirst()) : Optional.empty();
    }

    /** Returns whether two addresses are of one network: an internal `address` beside a public name is normal. */
    private static boolean areComparable(InetAddress published, InetAddress configured) {
        return published.getClass().equals(configured.getClass())
                && SpecialAddresses.purpose(published).equals(SpecialAddresses.purpose(configured));
    }
}
