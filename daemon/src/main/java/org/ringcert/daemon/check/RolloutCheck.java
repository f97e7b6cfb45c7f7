package org.ringcert.daemon.check;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.RolloutForecast;
import org.ringcert.daemon.plan.PlanWords;

/** How long the CA's limits make a first rollout take, and what shortens it. */
final class RolloutCheck implements Check {

    private final CheckScope scope;
    private final InstantSource clock;

    RolloutCheck(CheckScope scope, InstantSource clock) {
        this.scope = scope;
        this.clock = clock;
    }

    @Override
    public List<CheckFinding> look() {
        Configuration configuration = scope.configuration();
        List<CheckFinding> findings = new ArrayList<>();
        RolloutForecast.ofSameNames(configuration)
                .ifPresent(
                        forecast -> findings.add(
                                CheckFinding.warning(
                                        Topic.CONFIGURATION,
                                        forecast.subject(),
                                        forecast.orders() + " certificates have the same names, and " + issues(forecast)
                                                + ": in a first rollout, or after a change of its names, the "
                                                + PlanWords.ordinal(forecast.orders()) + " is there on "
                                                + day(forecast),
                                        "Write unique-name = \"{node}." + forecast.subject()
                                                + "\" below the [[site]], or {group} for groups"
                                                + " of servers, and publish one wildcard record, *."
                                                + forecast.subject()
                                                + ", beside the site. `ringcert plan` shows whose turn is when, and docs/limits.md tells more.")));
        RolloutForecast.ofDomains(configuration)
                .ifPresent(
                        forecast -> findings.add(
                                CheckFinding.warning(
                                        Topic.CONFIGURATION,
                                        forecast.subject(),
                                        forecast.orders() + " sets of names are below this registered domain, and "
                                                + issues(forecast)
                                                + ": in a first rollout, the last server has its certificate on "
                                                + day(forecast),
                                        "Put servers into groups: group = \"a\" and the like in [[node]], and {group} instead of {node}"
                                                + " in `unique-name`. Servers of a group share a set, and five at most get it at once.")));
        AcmeSettings ca = configuration.authorities().getFirst();
        if (findings.isEmpty() && !ca.limits().limits().isEmpty()) {
            findings.add(CheckFinding.ok(
                    Topic.CONFIGURATION,
                    ca.label(),
                    "all servers can order all certificates at once, within the limits of the CA"));
        }
        return findings;
    }

    private static String issues(RolloutForecast forecast) {
        return "the CA issues " + forecast.limit().capacity() + " at once, then one every "
                + inWords(forecast.limit().interval());
    }

    private static String inWords(Duration interval) {
        long minutes = Math.round(interval.toSeconds() / 60.0);
        return minutes < 600 ? minutes + " minutes" : Math.round(minutes / 60.0) + " hours";
    }

    private String day(RolloutForecast forecast) {
        Instant now = clock.instant();
        return forecast.last(now).truncatedTo(ChronoUnit.HOURS) + " if it began now";
    }
}
