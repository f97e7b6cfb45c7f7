package org.ringcert.daemon.setup;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.ListedDomains;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.daemon.plan.Cure;
import org.ringcert.daemon.plan.PlanWords;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.plan.Layout;
import org.ringcert.plan.LayoutIndex;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.Limits;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.PlannedSite;
import org.ringcert.plan.RegisteredDomains;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.plan.RolloutForecast;
import org.ringcert.store.CertificateName;

/** What Let's Encrypt's limits mean for the first rollout of a new cluster, in lines. */
final class RolloutNote {

    private final Answers answers;
    private final Instant now;
    private final Limits limits = PublicCa.LETSENCRYPT.limits();
    private final RegisteredDomains domains;
    private final List<String> lines = new ArrayList<>();

    /** @param answers complete; the CA is Let's Encrypt or its staging environment */
    RolloutNote(Answers answers, Instant now) {
        this.answers = answers;
        this.now = now;
        this.domains = new ListedDomains(
                answers.sites().stream().flatMap(RolloutNote::names).toList());
    }

    /** Returns the lines, an empty one first; none if nobody waits, even with two kinds of keys. */
    List<String> lines() {
        List<RolloutForecast> withOneKind = forecasts(layout(1));
        List<RolloutForecast> withTwoKinds = forecasts(layout(2));
        withOneKind.forEach(this::explain);
        withTwoKinds.stream()
                .filter(forecast -> forecast.limit().kind() == LimitKind.CERTIFICATES_PER_NAME_SET)
                .forEach(forecast -> explainTwoKinds(forecast, withOneKind.isEmpty()));
        if (!withOneKind.isEmpty()
                && answers.knownCa().filter(PublicCa.LETSENCRYPT::equals).isPresent()) {
            lines.add("To test all servers at once, start with directory = \"letsencrypt-staging\" in the file,"
                    + " which has far higher limits.");
        }
        return List.copyOf(lines);
    }

    private void explain(RolloutForecast forecast) {
        lines.add("");
        lines.add("Note: with " + PlanWords.count(answers.servers().size(), "server") + " and "
                + PlanWords.count(answers.sites().size(), "site")
                + ", the first rollout with directory = \"letsencrypt\" takes " + time(forecast) + ": if");
        lines.add("you start now, the last server has its certificate on " + PlanWords.hour(forecast.last())
                + " UTC. What binds is " + PlanWords.limit(forecast.limit()) + ":");
        lines.add("after those, there is another every "
                + PlanWords.duration(forecast.limit().interval())
                + ". This is not an error: each server orders by itself when its turn comes. Until then it");
        lines.add("has certificates that browsers do not trust, so send no visitors there.");
        lines.add("What helps: " + Cure.of(forecast, layout(1), domains, limits) + " docs/limits.md tells more.");
    }

    private void explainTwoKinds(RolloutForecast forecast, boolean isOnlyNote) {
        if (isOnlyNote) {
            lines.add("");
            lines.add("Note: all " + answers.servers().size()
                    + " servers can get their certificates at once as long as they have one kind of keys. If you add"
                    + " a second");
            lines.add("one (`keys` in the file), each server orders two certificates for each site, and the first"
                    + " rollout with directory =");
            lines.add("\"letsencrypt\" takes " + time(forecast) + ": for one exact set of names, Let's Encrypt issues "
                    + forecast.limit().capacity() + " certificates at once");
            lines.add("and then another every "
                    + PlanWords.duration(forecast.limit().interval()) + ", whatever their keys.");
        } else {
            lines.add("With two kinds of keys (`keys` in the file), each server orders two certificates for each site,"
                    + " and it takes " + time(forecast) + ".");
        }
    }

    private String time(RolloutForecast forecast) {
        return PlanWords.duration(Duration.between(now, forecast.last()));
    }

    private List<RolloutForecast> forecasts(Layout layout) {
        return RolloutForecast.of(
                new LayoutIndex(layout, domains), limits, RenewalLimit.EXEMPT, _ -> Optional.empty(), now);
    }

    private Layout layout(int kinds) {
        return new Layout(
                answers.servers().stream().map(HostName::of).toList(),
                answers.sites().stream().map(site -> planned(site, kinds)).toList());
    }

    private PlannedSite planned(SiteNames site, int kinds) {
        List<HostName> names = names(site).toList();
        List<CertificateName> certificates = Stream.of(
                        CertificateName.first(names.getFirst()),
                        CertificateName.second(names.getFirst(), KeyAlgorithm.RSA))
                .limit(kinds)
                .toList();
        return new PlannedSite(
                names.getFirst(),
                certificates,
                Collections.nCopies(answers.servers().size(), NameSet.of(names)));
    }

    private static Stream<HostName> names(SiteNames site) {
        return site.names().stream().map(HostName::of);
    }
}
