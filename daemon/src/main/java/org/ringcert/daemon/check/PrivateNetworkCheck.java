package org.ringcert.daemon.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.ReportedProblem;
import org.ringcert.view.ca.Rule;
import org.ringcert.view.ca.ViewpointReply;

/**
 * With a private CA alone, private addresses, other ports and other top-level domains may be right. They are reported
 * once for all names.
 */
final class PrivateNetworkCheck implements Check {

    private final CheckScope scope;
    private final Survey survey;

    PrivateNetworkCheck(CheckScope scope, Survey survey) {
        this.scope = scope;
        this.survey = survey;
    }

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        Map<HostName, Problem> problems = new LinkedHashMap<>();
        List<HostName> names = new ArrayList<>(scope.siteNames());
        names.add(scope.self());
        names.addAll(scope.peerNames());
        for (HostName name : names) {
            problem(name).ifPresent(problem -> problems.put(name, problem));
        }
        if (problems.isEmpty()) {
            return List.of();
        }
        String example = problems.values().iterator().next().what();
        return List.of(CheckFinding.warning(
                Topic.CONFIGURATION,
                "private CA",
                "no public CA would validate " + Shown.list(problems.keySet()) + "; for example: " + example,
                "This is right if the CA is in the same private network. Otherwise publish public addresses, or set"
                        + " `resolver` in [check] to a DNS server that sees what the CA sees."));
    }

    private Optional<Problem> problem(HostName name) throws InterruptedException {
        Set<Rule> rules = scope.rulesOfPublicCas();
        return survey.of(name).stream()
                .flatMap(this::warnings)
                .filter(problem -> rules.contains(problem.rule()))
                .findFirst();
    }

    private Stream<Problem> warnings(Sighting sighting) {
        if (!(sighting.reply() instanceof ViewpointReply.Seen(NameView view))) {
            return Stream.empty();
        }
        HostName viewpoint = sighting.viewpoint();
        return viewpoint.equals(scope.self())
                ? warnings(view)
                : warnings(view)
                        .map(problem -> ReportedProblem.of(problem.rule(), viewpoint + " says: " + problem.what()));
    }

    private static Stream<Problem> warnings(NameView view) {
        return Stream.concat(
                view.warnings().stream(), view.views().stream().flatMap(each -> each.walk().warnings().stream()));
    }
}
