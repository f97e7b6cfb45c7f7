package org.ringcert.store;

import java.net.URI;
import java.util.Optional;

/** Where a certificate version comes from. */
public sealed interface Origin {

    /** Made by this node, to be used until a CA has issued a certificate. */
    record SelfSigned() implements Origin {}

    /**
     * Issued by a CA.
     *
     * @param directory the URL of the CA's directory
     * @param account the URL of the account that ordered the certificate; empty if the certificate was imported without
     *     its account
     * @param profile the profile that was requested, if any
     */
    record IssuedByCa(URI directory, Optional<URI> account, Optional<String> profile) implements Origin {}
}
