package org.ringcert.acme;

import java.util.Optional;

/**
 * The content of a newAccount request (RFC 8555, section 7.3). Immutable.
 *
 * @param contact an e-mail address without a scheme
 * @param binding binds the account to one that the user already has with the CA (RFC 8555, section 7.3.4)
 */
public record NewAccount(Optional<String> contact, Optional<ExternalAccountBinding> binding) {}
