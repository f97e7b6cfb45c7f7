package org.ringcert.daemon.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.ViewpointReply;

/**
 * The viewpoints that see nothing, because their DNS servers answer no question. A name whose lookup ends in SERVFAIL
 * does not count: that is an answer, and the fault of the name's own servers. Immutable.
 *
 * @param reasons why no lookup succeeds there, half a sentence
 */
record BlindViewpoints(Map<HostName, String> reasons) {

    private static final String ANSWER = "SERVFAIL";
    private static final String SERVER = "DNS server";

    BlindViewpoints {
        reasons = Collections.unmodifiableMap(new LinkedHashMap<>(reasons));
    }

    /** @param sightings what all viewpoints have said about all names */
    static BlindViewpoints among(List<Sighting> sightings) {
        Map<HostName, List<NameView>> views = new LinkedHashMap<>();
        for (Sighting sighting : sightings) {
            if (sighting.reply() instanceof ViewpointReply.Seen(NameView view)) {
                views.computeIfAbsent(sighting.viewpoint(), _ -> new ArrayList<>())
                        .add(view);
            }
        }
        Map<HostName, String> reasons = new LinkedHashMap<>();
        views.forEach((viewpoint, all) -> reason(all).ifPresent(reason -> reasons.put(viewpoint, reason)));
        return new BlindViewpoints(reasons);
    }

    private static Optional<String> reason(List<NameView> views) {
        List<String> reasons = new ArrayList<>();
        for (NameView view : views) {
            for (AddressLookup lookup :
                    List.of(view.addresses().ipv4(), view.addresses().ipv6())) {
                if (!(lookup instanceof AddressLookup.Failed(String reason)) || reason.contains(ANSWER)) {
                    return Optional.empty();
                }
                reasons.add(reason);
            }
        }
        // Other reasons, such as a look that ended too early, say nothing about the server.
        return reasons.stream().filter(each -> each.startsWith(SERVER)).findFirst();
    }

    boolean contains(HostName viewpoint) {
        return reasons.containsKey(viewpoint);
    }

    /** Returns the viewpoints, by why they see nothing. */
    Map<String, List<HostName>> byReason() {
        Map<String, List<HostName>> viewpoints = new LinkedHashMap<>();
        reasons.forEach((viewpoint, reason) ->
                viewpoints.computeIfAbsent(reason, _ -> new ArrayList<>()).add(viewpoint));
        return viewpoints;
    }

    /** Returns the sightings of the others. */
    List<Sighting> without(List<Sighting> sightings) {
        return sightings.stream()
                .filter(sighting -> !contains(sighting.viewpoint()))
                .toList();
    }
}
