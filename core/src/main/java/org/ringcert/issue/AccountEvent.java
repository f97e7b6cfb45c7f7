package org.ringcert.issue;

import java.net.URI;
import java.util.Optional;

/** What happened to this node's account at a CA. */
public sealed interface AccountEvent {

    /**
     * An account was registered.
     *
     * @param replaced the account that the CA no longer knows, if this one replaces it
     */
    record Registered(URI account, Optional<URI> replaced) implements AccountEvent {}

    /**
     * The account was registered without the contact, which the CA refused.
     *
     * @param reason what the CA said and what to do, a sentence
     */
    record ContactRefused(String reason) implements AccountEvent {}

    /**
     * There is no account, because the registration failed.
     *
     * @param reason why, and what to do, a sentence
     */
    record RegistrationFailed(String reason) implements AccountEvent {}
}
