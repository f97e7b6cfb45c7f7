package org.ringcert.daemon.cli;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.ringcert.daemon.status.CaNames;
import org.ringcert.daemon.status.RenewalMessages;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.renew.Due;
import org.ringcert.renew.RenewalPlan;
import org.ringcert.renew.RenewalWait;
import org.ringcert.store.Progress;

/** What {@code renew --dry-run} says about a site: what would be done, at which CA and why. Immutable. */
final class PlanText {

    private final CaNames names;
    private final RenewalMessages messages;
    private final Set<URI> closed;

    /**
     * @param names the names of CAs
     * @param closed the CAs at which this node has deactivated its account
     */
    PlanText(CaNames names, Set<URI> closed) {
        this.names = names;
        this.closed = Set.copyOf(closed);
        this.messages = RenewalMessages.withTimesToTheSecond(names);
    }

    String of(CertificateSpec spec, Progress progress, RenewalPlan plan) {
        Optional<Source> source = plan.source();
        return switch (plan.due()) {
            case Due.Now(String reason, var _) ->
                plan.pendingWait()
                        .map(wait -> order(progress, nextSource(spec, wait)) + ", but has to wait: " + reason + ". It "
                                + messages.of(wait))
                        .orElseGet(() -> order(progress, source.orElseThrow()) + fallback(plan) + ": " + reason);
            case Due.Later(Instant at) ->
                source.map(it -> order(progress, it) + ", though not due until " + at)
                        .orElse("not due until " + at);
        };
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

    private String fallback(RenewalPlan plan) {
        return plan.fallback()
                .map(why -> ", because " + names.of(why.unavailable()) + " " + why.reason())
                .orElse("");
    }
}
