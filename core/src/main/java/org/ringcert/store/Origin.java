package org.ringcert.store;

import java.net.URI;
import java.util.Optional;

/** Where a version comes from. */
public sealed interface Origin {

    /** Made by this node, until a CA has answered. */
    record SelfSigned() implements Origin {}

    /**
     * Issued by a CA.
     *
     * @param directory the CA's directory
     * @param account the URL of the account that ordered it; empty where the certificate was taken over without its
     *     account
     * @param profile the profile that was asked for
     */
    record Issued(URI directory, Optional<URI> account, Optional<String> profile) implements Origin {}
}
