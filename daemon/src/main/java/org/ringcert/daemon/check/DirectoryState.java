package org.ringcert.daemon.check;

import org.ringcert.acme.CaInformation;
import org.ringcert.daemon.config.AcmeSettings;

/** What a CA's directory says, or why it could not be fetched. */
sealed interface DirectoryState {

    AcmeSettings ca();

    /** It was fetched. */
    record Reached(AcmeSettings ca, CaInformation information) implements DirectoryState {}

    /**
     * It could not be fetched.
     *
     * @param reason in sentences
     */
    record NotReached(AcmeSettings ca, String reason) implements DirectoryState {}
}
