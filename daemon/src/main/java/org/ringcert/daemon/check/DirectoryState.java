package org.ringcert.daemon.check;

import org.ringcert.acme.CaInformation;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.plan.RenewalLimit;

/** What a CA's directory says, or why it could not be fetched. */
sealed interface DirectoryState {

    AcmeSettings ca();

    /**
     * It was fetched.
     *
     * @param renewals whether the CA's limits count renewals, because it has no renewal information
     */
    record Reached(AcmeSettings ca, CaInformation information, RenewalLimit renewals) implements DirectoryState {}

    /**
     * It could not be fetched.
     *
     * @param reason in sentences
     */
    record NotReached(AcmeSettings ca, String reason) implements DirectoryState {}
}
