package org.ringcert.issue;

import java.time.Instant;

/** An order does not lead to a certificate. The message is a sentence or more for the administrator. */
final class IssueException extends Exception {

    private static final long serialVersionUID = 1;

    /** What becomes of the order. */
    @SuppressWarnings("serial") // never serialized
    private final Consequence consequence;

    /** What follows from it. */
    sealed interface Consequence {

        /** No order was made, because none may be made before that moment. */
        record Wait(Instant until) implements Consequence {}

        /** The order has ended invalid, which the CA counts. It is of no use any more. */
        record Spoiled() implements Consequence {}

        /** The order is of no use any more. The next try makes another. */
        record Dropped() implements Consequence {}

        /** The CA has issued what cannot be used, and another order would bring the same. */
        record Useless() implements Consequence {}
    }

    private IssueException(String message, Consequence consequence) {
        super(message);
        this.consequence = consequence;
    }

    static IssueException wait(String message, Instant until) {
        return new IssueException(message, new Consequence.Wait(until));
    }

    static IssueException spoiled(String message) {
        return new IssueException(message, new Consequence.Spoiled());
    }

    static IssueException dropped(String message) {
        return new IssueException(message, new Consequence.Dropped());
    }

    static IssueException useless(String message) {
        return new IssueException(message, new Consequence.Useless());
    }

    Consequence consequence() {
        return consequence;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
