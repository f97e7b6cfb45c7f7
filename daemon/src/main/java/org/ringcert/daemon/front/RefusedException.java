package org.ringcert.daemon.front;

/** The bytes are no request that may be served. Carries no stack trace: strangers cause it as often as they like. */
final class RefusedException extends Exception {

    private final Refusal refusal;

    RefusedException(Refusal refusal) {
        super(refusal.status(), null, false, false);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
