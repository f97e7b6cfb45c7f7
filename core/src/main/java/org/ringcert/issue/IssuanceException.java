package org.ringcert.issue;

import java.time.Instant;

/** An order that did not lead to a certificate. The message is one or more sentences for the administrator. */
final class IssuanceException extends Exception {

    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // never serialized
    private final Effect effect;

    /** What the failure means for the order and for the next one. */
    sealed interface Effect {

        /** No order was made, and none may be made before {@code until}. */
        record OrderPostponed(Instant until) implements Effect {}

        /** The order became invalid, which counts towards the CA's rate limits. The next attempt makes a new one. */
        record OrderInvalid() implements Effect {}

        /** The order is of no further use, but did not become invalid. The next attempt makes a new one. */
        record OrderAbandoned() implements Effect {}

        /** The CA issued a certificate that cannot be used. A new order would give the same result. */
        record CertificateUnusable() implements Effect {}
    }

    private IssuanceException(String message, Effect effect) {
        super(message);
        this.effect = effect;
    }

    static IssuanceException orderPostponed(String message, Instant until) {
        return new IssuanceException(message, new Effect.OrderPostponed(until));
    }

    static IssuanceException orderInvalid(String message) {
        return new IssuanceException(message, new Effect.OrderInvalid());
    }

    static IssuanceException orderAbandoned(String message) {
        return new IssuanceException(message, new Effect.OrderAbandoned());
    }

    static IssuanceException certificateUnusable(String message) {
        return new IssuanceException(message, new Effect.CertificateUnusable());
    }

    Effect effect() {
        return effect;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
