package org.ringcert.daemon.cli;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.ringcert.daemon.status.CaNames;
import org.ringcert.daemon.status.RenewalMessages;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.renew.Due;
import org.ringcert.renew.RenewalPlan;
import org.ringcert.renew.RenewalWait;
import org.ringcert.store.AuthorityProgress;
import org.ringcert.store.Progress;

/** What {@code renew --dry-run} says about a site: what would be done, at which CA and why. Immutable. */
final class PlanText {

    private final CaNames names;
    private final RenewalMessages messages;
    private final Set<URI> closed;
    private final Predicate<URI> hasLimits;
    private final Predicate<URI> canPostpone;
    private final Instant now;

    /**
     * @param names the names of CAs
     * @param closed the CAs at which this node has deactivated its account
     * @param hasLimits whether the limits of a CA are known, by the URL of its directory
     * @param canPostpone whether a look may postpone a new order at a CA, by the URL of its directory
     */
    PlanText(CaNames names, Set<URI> closed, Predicate<URI> hasLimits, Predicate<URI> canPostpone, Instant now) {
        this.hasLimits = hasLimits;
        this.names = names;
        this.closed = Set.copyOf(closed);
        this.canPostpone = canPostpone;
        this.now = now;
        this.messages = RenewalMessages.ofCommand(names);
    }

    String of(CertificateSpec spec, Progress progress, RenewalPlan plan) {
        Optional<Source> source = plan.source();
        return switch (plan.due()) {
            case Due.Now(String reason, var urgency, var _) ->
                plan.pendingWait()
                        .map(wait -> order(progress, nextSource(spec, wait)) + ", but has to wait: " + reason + ". "
                                + sentence(wait))
                        .orElseGet(() -> order(progress, source.orElseThrow()) + fallback(plan)
                                + turn(progress, source.orElseThrow(), urgency)
                                + look(progress, source.orElseThrow()) + ": " + reason
                                + lastLook(progress, source.orElseThrow()));
            case Due.Later(Instant at) ->
                source.map(it -> order(progress, it) + ", though not due until " + at)
                        .orElse("not due until " + at);
        };
    }

    private String sentence(RenewalWait wait) {
        String text = messages.of(wait);
        return wait.causes().getFirst() instanceof RenewalWait.ForTurn
                ? text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1)
                : "It " + text;
    }

    /** A dry run does not look at other servers, so it does not know the turn of an order that was not decided yet. */
    private String turn(Progress progress, Source source, Due.Urgency urgency) {
        return urgency == Due.Urgency.URGENT
                        && hasLimits.test(source.directory())
                        && progress.at(source.directory()).order().isEmpty()
                ? ", as soon as it is this server's turn within the CA's limits"
                : "";
    }

    private static Source nextSource(CertificateSpec spec, RenewalWait wait) {
        return wait.nextCa().flatMap(spec::source).orElse(spec.preferredSource());
    }

    private String order(Progress progress, Source source) {
        if (closed.contains(source.directory())) {
            return "cannot be ordered from " + names.of(source.directory()) + ", where the account was deactivated";
        }
        String ca = "would be ordered from " + names.of(source.directory());
        return progress.at(source.directory())
                .order()
                .map(pending -> ca + ", by resuming order " + pending.order())
                .orElse(ca);
    }

    /** A dry run does not look, so it does not know. */
    private String look(Progress progress, Source source) {
        return isUpToALook(progress, source) ? ", if a look before it succeeds" : "";
    }

    /** A pending order is resumed without a look. */
    private boolean isUpToALook(Progress progress, Source source) {
        AuthorityProgress atCa = progress.at(source.directory());
        return canPostpone.test(source.directory())
                && !closed.contains(source.directory())
                && atCa.order().isEmpty()
                && atCa.postponement()
                        .filter(postponement -> postponement.isOver(now))
                        .isEmpty();
    }

    private String lastLook(Progress progress, Source source) {
        return progress.at(source.directory())
                .postponement()
                .filter(_ -> isUpToALook(progress, source))
                .map(postponement -> ". The last look, at "
                        + postponement.lastLook().truncatedTo(ChronoUnit.SECONDS) + ", failed: "
                        + postponement.reason())
                .orElse("");
    }

    private String fallback(RenewalPlan plan) {
        return plan.fallback()
                .map(why -> ", because " + names.of(why.unavailable()) + " " + why.reason())
                .orElse("");
    }
}
