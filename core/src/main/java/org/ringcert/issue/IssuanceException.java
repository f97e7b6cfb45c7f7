package org.ringcert.issue;

import java.time.Instant;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.store.Postponement;

/**
 * Why an attempt to get a certificate ended without one. The message is one or more sentences for the administrator.
 */
final class IssuanceException extends Exception {

    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // never serialized
    private final Effect effect;

    private final Fault fault;

    /** What the failure means for the order and for the next one. */
    sealed interface Effect {

        /** No order was made, and none may be made before {@code until}. */
        record OrderPostponed(Instant until) implements Effect {}

        /** No order was made, because of what a look at the site saw. The postponement is saved. */
        record LookFailed(Postponement postponement) implements Effect {}

        /**
         * The order counts as failed (see {@link FailureBudget}): it or a validation became invalid, the CA offered no
         * http-01 challenge, or the issued chain could not be read for too long. The next attempt makes a new order.
         */
        record OrderFailed() implements Effect {}

        /** The order is of no further use, but does not count as failed. The next attempt makes a new one. */
        record OrderAbandoned() implements Effect {}

        /** There is a new certificate, which is in the pending order and not installed yet. */
        record CertificateKept() implements Effect {}

        /** The CA issued a certificate that cannot be used. A new order would give the same result. */
        record CertificateUnusable() implements Effect {}
    }

    private IssuanceException(String message, Effect effect, Fault fault) {
        super(message);
        this.effect = effect;
        this.fault = fault;
    }

    static IssuanceException orderPostponed(String message, Instant until) {
        return new IssuanceException(message, new Effect.OrderPostponed(until), Fault.SITE);
    }

    static IssuanceException lookFailed(Postponement postponement) {
        return new IssuanceException(postponement.reason(), new Effect.LookFailed(postponement), Fault.SITE);
    }

    static IssuanceException orderFailed(String message, Fault fault) {
        return new IssuanceException(message, new Effect.OrderFailed(), fault);
    }

    static IssuanceException orderAbandoned(String message, Fault fault) {
        return new IssuanceException(message, new Effect.OrderAbandoned(), fault);
    }

    static IssuanceException certificateKept(String message) {
        return new IssuanceException(message, new Effect.CertificateKept(), Fault.SITE);
    }

    static IssuanceException certificateUnusable(String message) {
        return new IssuanceException(message, new Effect.CertificateUnusable(), Fault.CA);
    }

    /** Returns whose failure it is. */
    Fault fault() {
        return fault;
    }

    Effect effect() {
        return effect;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
