package org.ringcert.plan;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;

/**
 * How long a limit of a CA makes a first rollout take: one in which every server orders all its certificates, and
 * nobody has one yet. The {@link Calendar} decides that. Immutable.
 *
 * @param limit the limit
 * @param subject what it counts by: the first name of a site, a registered domain, or a server's account in words
 * @param orders how many orders it counts for that; of an account the most that there may be
 * @param site a site that waits for it the longest
 * @param last when the last order is possible
 */
public record RolloutForecast(Limit limit, String subject, int orders, HostName site, Instant last) {

    /**
     * Returns a forecast for each limit for which orders have to wait, the one that takes longest first. Empty if all
     * can be ordered at once.
     *
     * @param leaders finds the node to which the names of a site lead, if that is known
     * @param begin when the rollout begins
     */
    public static List<RolloutForecast> of(
            LayoutIndex layout,
            Limits limits,
            RenewalLimit renewals,
            Function<HostName, Optional<HostName>> leaders,
            Instant begin) {
        Map<LimitKind, Turn> latest = new EnumMap<>(LimitKind.class);
        // The earliest comes first. Of those that come last together, the first in the file is kept.
        Knowledge nothing = new NothingKnown(layout.nodes().getFirst(), leaders, begin);
        for (Turn turn : new Calendar(layout, limits, renewals, nothing, begin).turns()) {
            if (turn.reason() instanceof Turn.Reason.WithinLimit(Limit limit, String _)) {
                latest.merge(limit.kind(), turn, (one, other) -> other.at().isAfter(one.at()) ? other : one);
            }
        }
        return latest.values().stream()
                .sorted(Comparator.comparing(Turn::at).reversed())
                .map(turn -> of(layout, turn))
                .toList();
    }

    private static RolloutForecast of(LayoutIndex layout, Turn last) {
        Turn.Reason.WithinLimit reason = (Turn.Reason.WithinLimit) last.reason();
        OrderGroup group = layout.group(last.node(), last.certificate());
        boolean isOfSet = reason.limit().kind() == LimitKind.CERTIFICATES_PER_NAME_SET;
        String subject = isOfSet ? group.site().value() : reason.subject();
        int orders = switch (reason.limit().kind()) {
            case CERTIFICATES_PER_NAME_SET ->
                group.nodes().size() * group.certificates().size();
            case CERTIFICATES_PER_REGISTERED_DOMAIN ->
                (int) layout.groups().stream()
                        .filter(other -> other.domains().contains(HostName.of(subject)))
                        .count();
            case ORDERS_PER_ACCOUNT, FAILED_VALIDATIONS_PER_NAME, ACCOUNTS_PER_ADDRESS ->
                layout.groups().size();
        };
        return new RolloutForecast(reason.limit(), subject, orders, group.site(), last.at());
    }

    /** What a node knows before the first order of all. */
    private record NothingKnown(HostName node, Function<HostName, Optional<HostName>> leaders, Instant begin)
            implements Knowledge {

        @Override
        public Optional<HostName> leader(HostName site) {
            return leaders.apply(site);
        }

        @Override
        public Standing standing(HostName node, CertificateName certificate) {
            return new Standing.Missing(begin);
        }

        @Override
        public Optional<Refusal> refusal(HostName node, NameSet set) {
            return Optional.empty();
        }
    }
}
