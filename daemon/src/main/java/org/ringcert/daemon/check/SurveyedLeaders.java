package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.view.ca.ViewpointReply;

/** Finds the node to which the names of a site lead, by the addresses that the looks of a check have found. */
final class SurveyedLeaders {

    private final CheckScope scope;
    private final Survey survey;

    SurveyedLeaders(CheckScope scope, Survey survey) {
        this.scope = scope;
        this.survey = survey;
    }

    /**
     * Returns the first node in the order of the file that has an address in common with the site. Empty if there is
     * none, or if the site is not one of those that are checked. Waits for the looks.
     */
    Optional<HostName> of(Site site) throws InterruptedException {
        Set<InetAddress> addresses = new HashSet<>();
        for (HostName name : site.names()) {
            for (Sighting sighting : survey.of(name)) {
                if (sighting.reply() instanceof ViewpointReply.Seen(var view)) {
                    addresses.addAll(view.addresses().all());
                }
            }
        }
        NodeAddresses nodes = survey.nodeAddresses(scope);
        return scope.configuration().nodes().stream()
                .map(settings -> settings.node().name())
                .filter(node -> nodes.addressesOf(node).stream().anyMatch(addresses::contains))
                .findFirst();
    }
}
