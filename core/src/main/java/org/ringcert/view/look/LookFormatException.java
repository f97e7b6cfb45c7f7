package org.ringcert.view.look;

/** A peer's report is not what {@link LookJson} writes. The message is half a sentence and quotes nothing. */
final class LookFormatException extends Exception {

    LookFormatException(String message) {
        super(message);
    }
}
