package org.ringcert.issue;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Postponement;
import org.ringcert.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by a look at the site whether an order is made now. A look that fails postpones the order for an hour at
 * most, because it may be wrong about what the CA sees. Immutable.
 *
 * @param result what the look leads to
 * @param current the site's current version
 * @param power whether the look may postpone the order
 * @param now when the look ended
 */
record LookBeforeOrder(
        Preflight.Result result, Optional<CertificateVersion> current, Preflight.Power power, Instant now) {

    private static final Logger log = LoggerFactory.getLogger(LookBeforeOrder.class);

    /** A certificate that lives for hours cannot wait for one: it is a sixtieth of its lifetime. */
    private static final int LIFETIME_SHARE = 60;

    /** Whether the order is made. */
    sealed interface Decision {

        /** Returns the postponement that is to be saved; empty if none is in force. */
        Optional<Postponement> postponement();

        /**
         * The order is made.
         *
         * @param postponement the one that is over, which stays until the CA has accepted the order
         * @param warning why the validation may fail, if there is a reason
         */
        record Order(Optional<Postponement> postponement, Optional<String> warning) implements Decision {}

        /** The order is postponed. */
        record Wait(Postponement until) implements Decision {

            @Override
            public Optional<Postponement> postponement() {
                return Optional.of(until);
            }
        }
    }

    /**
     * Looks at the site. A bug in the look does not prevent the order.
     *
     * @throws IssuanceException if the thread was interrupted
     */
    static LookBeforeOrder of(
            IssuerContext context, CertificateSpec spec, CertificateSpec.Source source, Preflight.Power power)
            throws IssuanceException, StoreException {
        Preflight.Result result = look(context.preflight(), spec, source);
        if (Thread.currentThread().isInterrupted()) {
            throw IssuanceException.orderAbandoned("the look before the order was interrupted", Fault.SITE);
        }
        return new LookBeforeOrder(
                result,
                context.store().current(spec.name()),
                power,
                context.clock().instant());
    }

    private static Preflight.Result look(Preflight preflight, CertificateSpec spec, CertificateSpec.Source source) {
        try {
            return preflight.look(spec, source);
        } catch (RuntimeException e) {
            log.error("{}: a bug in the look before the order", spec.name(), e);
            return new Preflight.Result.ProceedWithWarning(
                    "Nobody has looked at the site before the order, because of a bug in Ringcert: " + e);
        }
    }

    /** @param previous the postponement by earlier looks, if any */
    Decision decide(Optional<Postponement> previous) {
        return switch (result) {
            case Preflight.Result.Proceed() -> new Decision.Order(Optional.empty(), Optional.empty());
            case Preflight.Result.ProceedWithWarning(String warning) ->
                new Decision.Order(Optional.empty(), Optional.of(warning));
            case Preflight.Result.Postpone(String reason) -> decide(reason, previous);
        };
    }

    private Decision decide(String reason, Optional<Postponement> previous) {
        if (power == Preflight.Power.MAY_WARN) {
            return new Decision.Order(
                    previous, Optional.of(ended(reason) + " It is ordered all the same, as requested."));
        }
        if (previous.filter(postponement -> postponement.isOver(now)).isPresent()) {
            Instant since = previous.get().since().truncatedTo(ChronoUnit.SECONDS);
            return new Decision.Order(
                    previous,
                    Optional.of(ended(reason) + " It is ordered all the same, because it has been postponed since "
                            + since + "."));
        }
        return new Decision.Wait(postponement(reason, previous));
    }

    private Postponement postponement(String reason, Optional<Postponement> previous) {
        int looks = previous.map(Postponement::looks).orElse(0) + 1;
        Instant orderAt = previous.map(Postponement::orderAt).orElseGet(() -> roundUp(now.plus(maxTime())));
        Instant next = BackOff.LOOK.next(looks, now);
        return new Postponement(
                previous.map(Postponement::since).orElse(now),
                looks,
                now,
                next.isBefore(orderAt) ? next : orderAt,
                orderAt,
                reason);
    }

    private Duration maxTime() {
        return current.filter(version -> version.origin() instanceof Origin.IssuedByCa)
                .map(version -> version.lifetime())
                .map(lifetime -> Duration.ofSeconds(lifetime.toSeconds() / LIFETIME_SHARE))
                .filter(share -> share.compareTo(Postponement.MAX_TIME) < 0)
                .orElse(Postponement.MAX_TIME);
    }

    private static String ended(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    private static Instant roundUp(Instant time) {
        Instant second = time.truncatedTo(ChronoUnit.SECONDS);
        return second.equals(time) ? time : second.plusSeconds(1);
    }
}
