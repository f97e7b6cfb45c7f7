package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.ViewpointReply;

/**
 * What those viewpoints have seen of a name that could look at it. Immutable.
 *
 * @param self this server
 * @param byViewpoint in the order in which problems are reported
 */
record NameViews(HostName name, HostName self, Map<HostName, NameView> byViewpoint) {

    NameViews {
        byViewpoint = Collections.unmodifiableMap(new LinkedHashMap<>(byViewpoint));
    }

    static NameViews of(HostName name, HostName self, List<Sighting> sightings) {
        Map<HostName, NameView> views = new LinkedHashMap<>();
        for (Sighting sighting : sightings) {
            if (sighting.reply() instanceof ViewpointReply.Seen(NameView view)) {
                views.put(sighting.viewpoint(), view);
            }
        }
        return new NameViews(name, self, views);
    }

    Set<HostName> viewpoints() {
        return byViewpoint.keySet();
    }

    /** Returns what this server has seen. */
    Optional<NameView> own() {
        return Optional.ofNullable(byViewpoint.get(self));
    }

    Map<HostName, NameView> ofPeers() {
        Map<HostName, NameView> peers = new LinkedHashMap<>(byViewpoint);
        peers.remove(self);
        return peers;
    }

    /** Returns the addresses at which at least one viewpoint succeeds. */
    Set<InetAddress> accepted() {
        return accepted(byViewpoint.values().stream());
    }

    static Set<InetAddress> accepted(Stream<NameView> views) {
        Set<InetAddress> accepted = new LinkedHashSet<>();
        views.flatMap(view -> view.views().stream())
                .filter(each -> each.walk().isAccepted())
                .map(AddressView::address)
                .forEach(accepted::add);
        return accepted;
    }

    /** Returns whether a viewpoint other than this one succeeds at an address. */
    boolean isAcceptedElsewhere(HostName viewpoint, InetAddress address) {
        Map<HostName, NameView> others = new LinkedHashMap<>(byViewpoint);
        others.remove(viewpoint);
        return accepted(others.values().stream()).contains(address);
    }
}
