package org.ringcert.daemon.check;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ringcert.cluster.AddressText;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.view.ca.ViewpointReply;

/**
 * The DNS servers that looks ask. A viewpoint where no lookup gets an answer sees nothing, and one finding says so in
 * place of all that would follow from it.
 */
final class ResolverCheck implements Check {

    private static final String SUBJECT = "resolver";
    private static final String SYSTEM = "/etc/resolv.conf";

    private final CheckScope scope;
    private final Survey survey;

    ResolverCheck(CheckScope scope, Survey survey) {
        this.scope = scope;
        this.survey = survey;
    }

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        BlindViewpoints blind = survey.blind();
        Set<HostName> seeing = seeing(blind);
        List<CheckFinding> findings = new ArrayList<>();
        blind.byReason().forEach((reason, viewpoints) -> findings.add(finding(reason, viewpoints, seeing)));
        if (seeing.contains(scope.self())) {
            findings.add(CheckFinding.ok(Topic.RESOLVER, SUBJECT, source() + " answers"));
        }
        return findings;
    }

    private Set<HostName> seeing(BlindViewpoints blind) throws InterruptedException {
        Set<HostName> seeing = new LinkedHashSet<>();
        for (Sighting sighting : survey.all()) {
            if (sighting.reply() instanceof ViewpointReply.Seen && !blind.contains(sighting.viewpoint())) {
                seeing.add(sighting.viewpoint());
            }
        }
        return seeing;
    }

    private CheckFinding finding(String reason, List<HostName> viewpoints, Set<HostName> seeing) {
        String others = seeing.isEmpty()
                ? "nothing that depends on the DNS could be looked at"
                : "only " + Shown.list(seeing) + (seeing.size() == 1 ? " has" : " have") + " looked at the names";
        return new CheckFinding(
                seeing.isEmpty() ? Level.FAILURE : Level.WARNING,
                Topic.RESOLVER,
                SUBJECT,
                source() + " is of no use to " + scope.list(viewpoints) + ": " + reason + "; " + others,
                Optional.of(remedy()));
    }

    private String source() {
        return configured().map(server -> "`resolver` " + text(server)).orElse(SYSTEM);
    }

    private String remedy() {
        return configured().isPresent()
                ? "Set `resolver` in [check] to a DNS server that answers there and resolves names for the servers of"
                        + " the cluster, or remove it, so that looks use " + SYSTEM + "."
                : "Correct " + SYSTEM + " or start the DNS server that it names, or set `resolver` in [check].";
    }

    private Optional<InetSocketAddress> configured() {
        return scope.configuration().check().resolver();
    }

    private static String text(InetSocketAddress server) {
        return AddressText.inUrl(server.getAddress()) + ":" + server.getPort();
    }
}
