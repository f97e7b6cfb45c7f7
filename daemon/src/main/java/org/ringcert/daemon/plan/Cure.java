package org.ringcert.daemon.plan;

import org.ringcert.cluster.HostName;
import org.ringcert.plan.Layout;
import org.ringcert.plan.Limit;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.Limits;
import org.ringcert.plan.PlannedSite;
import org.ringcert.plan.RegisteredDomains;
import org.ringcert.plan.RolloutForecast;
import org.ringcert.plan.Shortage;

/** What an administrator can do about a limit for which servers wait, in words. */
public final class Cure {

    private static final String OTHER_NAMES = "Write a unique-name with {node} or {group} below the [[site]]";

    private Cure() {}

    /** Returns what makes a first rollout faster, in one or more sentences. */
    public static String of(RolloutForecast forecast, Layout layout, RegisteredDomains domains, Limits limits) {
        PlannedSite site = layout.sites().stream()
                .filter(each -> each.name().equals(forecast.site()))
                .findFirst()
                .orElseThrow();
        boolean hasUniqueName = site.sets().stream().distinct().count() > 1;
        if (forecast.limit().kind() != LimitKind.CERTIFICATES_PER_NAME_SET) {
            return forNewSets(forecast.limit(), hasUniqueName);
        }
        HostName domain = domains.of(site.name());
        int sites = (int) layout.sites().stream()
                .filter(each -> domains.of(each.name()).equals(domain))
                .count();
        return forSameNames(
                site.name(), layout.nodes().size(), site.certificates().size(), sites, hasUniqueName, limits);
    }

    /**
     * Returns what can be done about the limit of certificates with the same names: a name for each server, or for each
     * group of servers if there would be too many new sets of names otherwise.
     *
     * @param site a site for which servers wait
     * @param nodes how many servers there are
     * @param kinds how many kinds of keys each site has
     * @param sites how many sites share a registered domain at most
     * @param hasUniqueName whether the sites have a unique name already
     * @return one or more sentences
     */
    static String forSameNames(HostName site, int nodes, int kinds, int sites, boolean hasUniqueName, Limits limits) {
        int perGroup = limits.find(LimitKind.CERTIFICATES_PER_NAME_SET)
                .map(limit -> Math.max(1, limit.capacity() / Math.max(1, kinds)))
                .orElse(1);
        if (hasUniqueName) {
            return "Make the groups of servers smaller, at most " + PlanWords.count(perGroup, "server") + " each.";
        }
        boolean fitsEach = limits.find(LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN)
                .map(limit -> (long) nodes * sites <= limit.capacity())
                .orElse(true);
        return fitsEach
                ? "Write unique-name = \"{node}." + site + "\" below the [[site]], and publish one wildcard record, *."
                        + site + ", beside the site: then no server waits for another."
                : "Write unique-name = \"{group}." + site + "\" below the [[site]], publish one wildcard record, *."
                        + site
                        + ", beside the site, and put servers into groups (group in [[node]]) of at most "
                        + PlanWords.count(perGroup, "server") + ": then no group waits for another.";
    }

    /**
     * Returns what can be done about a limit of new sets of names.
     *
     * @param hasUniqueName whether the sites that wait have a unique name
     * @return one or more sentences
     */
    static String forNewSets(Limit limit, boolean hasUniqueName) {
        return switch (limit.kind()) {
            case CERTIFICATES_PER_REGISTERED_DOMAIN ->
                hasUniqueName
                        ? "Let more servers share a set of names: write {group} instead of {node} in unique-name, with"
                                + " groups of servers (group in [[node]]) that are as large as they may be. Or roll"
                                + " out in parts."
                        : "Write names of the same domain into one [[site]], roll out in parts, or ask the CA for a"
                                + " higher limit.";
            case ORDERS_PER_ACCOUNT -> "Roll out in parts, or ask the CA for a higher limit.";
            case CERTIFICATES_PER_NAME_SET, FAILED_VALIDATIONS_PER_NAME, ACCOUNTS_PER_ADDRESS ->
                throw new IllegalArgumentException("not a limit of new sets: " + limit.kind());
        };
    }

    /** Returns what the limits do not allow in the long run and what can be done about it: one or more sentences. */
    static String forShortage(Shortage shortage, String sites) {
        String limit = PlanWords.limit(shortage.limit());
        String certificates = PlanWords.count(shortage.orders(), "certificate") + " with the same names for " + sites;
        return switch (shortage) {
            case Shortage.TooManyRenewals many ->
                "Certificates will expire: there are " + certificates + ", and " + limit + " leaves " + many.most()
                        + " renewals in time. " + OTHER_NAMES + ", or use a CA that has renewal information or longer"
                        + " lifetimes.";
            case Shortage.NoTokenForNewServers none ->
                "Renewals of the " + certificates + " are exempt from " + limit + ", but use it up, as more than "
                        + none.most()
                        + " do: a server that is rebuilt, or whose certificate was revoked, may have to wait"
                        + " for long. " + OTHER_NAMES + ".";
            case Shortage.RolloutBeyondRenewal rollout ->
                "The first rollout of the " + certificates + " takes " + PlanWords.duration(rollout.rollout())
                        + ", longer than until the first of them are renewed. " + OTHER_NAMES + ".";
        };
    }
}
