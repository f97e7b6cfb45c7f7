package org.ringcert.acme;

import java.util.Optional;

/**
 * The content of a newAccount request (RFC 8555, section 7.3). Immutable.
 *
 * @param contact an e-mail address without a scheme
 * @param binding binds the account to one that the user already has with the CA (RFC 8555, section 7.3.4)
 * @param bindingProblem why the binding that the account should have cannot be used, and the remedy. No account is
 *     created then.
 */
public record NewAccount(
        Optional<String> contact, Optional<ExternalAccountBinding> binding, Optional<String> bindingProblem) {

    /** A request whose binding can be used, if it has one. */
    public NewAccount(Optional<String> contact, Optional<ExternalAccountBinding> binding) {
        this(contact, binding, Optional.empty());
    }
}
