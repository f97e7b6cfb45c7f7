package org.ringcert.dns;

/** A lookup got no usable response. The message says why, half a sentence without untrusted text. */
final class LookupFailedException extends Exception {
    private static final long serialVersionUID = 1;

    LookupFailedException(String message) {
        super(message);
    }
}
