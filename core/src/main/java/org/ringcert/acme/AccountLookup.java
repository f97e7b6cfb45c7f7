package org.ringcert.acme;

import java.net.URI;
import java.util.Optional;

/**
 * What a CA says about an account key (RFC 8555, section 7.3.1). Immutable.
 *
 * @param url the account's URL; empty if there is none, or if the CA does not show it
 */
public record AccountLookup(AccountStatus status, Optional<URI> url) {}
