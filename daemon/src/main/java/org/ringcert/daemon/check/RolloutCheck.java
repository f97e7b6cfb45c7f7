package org.ringcert.daemon.check;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ListedDomains;
import org.ringcert.daemon.config.PlanLayout;
import org.ringcert.daemon.plan.Cure;
import org.ringcert.daemon.plan.PlanWords;
import org.ringcert.plan.Layout;
import org.ringcert.plan.LayoutIndex;
import org.ringcert.plan.Limit;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.RegisteredDomains;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.plan.RolloutForecast;

/** How long the first CA's limits make a first rollout take, and what shortens it. */
final class RolloutCheck implements Check {

    private final CheckScope scope;
    private final PendingResult<List<DirectoryState>> cas;
    private final LeaderFinder leaders;
    private final InstantSource clock;

    /** Finds the node to which the names of a site lead. */
    @FunctionalInterface
    interface LeaderFinder {

        /** Returns the node; empty if that is not known. Blocks. */
        Optional<HostName> of(Site site) throws InterruptedException;
    }

    RolloutCheck(CheckScope scope, PendingResult<List<DirectoryState>> cas, LeaderFinder leaders, InstantSource clock) {
        this.scope = scope;
        this.cas = cas;
        this.leaders = leaders;
        this.clock = clock;
    }

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        Configuration configuration = scope.configuration();
        AcmeSettings ca = configuration.authorities().getFirst();
        if (ca.limits().limits().isEmpty()) {
            return List.of();
        }
        Layout layout = PlanLayout.of(configuration);
        RegisteredDomains domains = ListedDomains.of(configuration);
        RenewalLimit renewals = renewals(ca);
        Map<HostName, Optional<HostName>> found = leaders(configuration);
        Instant now = clock.instant();
        List<CheckFinding> findings = new ArrayList<>();
        for (RolloutForecast forecast : RolloutForecast.of(
                new LayoutIndex(layout, domains),
                ca.limits(),
                renewals,
                site -> found.getOrDefault(site, Optional.empty()),
                now)) {
            findings.add(CheckFinding.warning(
                    Topic.CONFIGURATION,
                    forecast.subject(),
                    text(forecast, renewals),
                    Cure.of(forecast, layout, domains, ca.limits())
                            + " `ringcert plan` shows whose turn is when, and docs/limits.md tells more."));
        }
        if (findings.isEmpty()) {
            findings.add(CheckFinding.ok(
                    Topic.CONFIGURATION,
                    ca.label(),
                    "all servers can order all certificates at once, within the limits of the CA"));
        }
        ca.limits()
                .find(LimitKind.ACCOUNTS_PER_ADDRESS)
                .filter(limit -> layout.nodes().size() > limit.capacity())
                .map(limit -> accounts(ca, limit, layout.nodes().size()))
                .ifPresent(findings::add);
        return findings;
    }

    /** A CA that does not answer is taken for one that has renewal information, as {@code ringcert plan} does. */
    private RenewalLimit renewals(AcmeSettings ca) throws InterruptedException {
        for (DirectoryState state : cas.await()) {
            if (state instanceof DirectoryState.Reached(var reached, var _, RenewalLimit renewals)
                    && reached.directory().equals(ca.directory())) {
                return renewals;
            }
        }
        return RenewalLimit.EXEMPT;
    }

    private Map<HostName, Optional<HostName>> leaders(Configuration configuration) throws InterruptedException {
        Map<HostName, Optional<HostName>> found = new HashMap<>();
        for (Site site : configuration.sites()) {
            found.put(site.name(), leaders.of(site));
        }
        return found;
    }

    private static String text(RolloutForecast forecast, RenewalLimit renewals) {
        Limit limit = forecast.limit();
        String reserve = limit.kind() == LimitKind.CERTIFICATES_PER_NAME_SET && renewals == RenewalLimit.COUNTED
                ? " (one is kept in reserve, because the CA has no renewal information)"
                : "";
        String last = PlanWords.hour(forecast.last()) + " UTC if it begins now";
        return switch (limit.kind()) {
            case CERTIFICATES_PER_NAME_SET ->
                forecast.orders() + " certificates have the same names, and " + issues(limit) + reserve
                        + ": in a first rollout, or after a change of its names, the "
                        + PlanWords.ordinal(forecast.orders()) + " is there on " + last;
            case CERTIFICATES_PER_REGISTERED_DOMAIN ->
                forecast.orders() + " sets of names are below this registered domain, and " + issues(limit)
                        + ": in a first rollout, the last server has its certificate on " + last;
            case ORDERS_PER_ACCOUNT, FAILED_VALIDATIONS_PER_NAME, ACCOUNTS_PER_ADDRESS ->
                "the CA accepts " + limit.capacity() + " orders with new names at once, then one every "
                        + PlanWords.duration(limit.interval())
                        + ": in a first rollout, the last server has its certificate on " + last;
        };
    }

    /** Nobody can tell from here by which address a server reaches the CA, and it matters only once. */
    private static CheckFinding accounts(AcmeSettings ca, Limit limit, int servers) {
        return CheckFinding.ok(
                Topic.CONFIGURATION,
                ca.label(),
                "each of the " + servers + " servers makes an account; from one address (NAT), the CA accepts "
                        + limit.capacity() + " at once, then one every " + PlanWords.duration(limit.interval())
                        + ", and those that it refuses try again by themselves");
    }

    private static String issues(Limit limit) {
        return "the CA issues " + limit.capacity() + " at once, then one every " + PlanWords.duration(limit.interval());
    }
}
