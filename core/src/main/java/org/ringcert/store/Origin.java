package org.ringcert.store;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;

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
     * @param orderedNames the names of the site that were ordered, which may be fewer than the certificate has; empty
     *     if they are not known
     * @param uniqueName the name that was ordered besides those of the site; empty if there was none
     * @param otherChains what the CA offered if none of it led to the root that was asked for; empty if one did, or if
     *     the default chain was asked for
     */
    record IssuedByCa(
            URI directory,
            Optional<URI> account,
            Optional<String> profile,
            List<HostName> orderedNames,
            Optional<HostName> uniqueName,
            Optional<OfferedChains> otherChains)
            implements Origin {

        public IssuedByCa {
            orderedNames = List.copyOf(orderedNames);
        }

        /** A certificate without a unique name. */
        public IssuedByCa(
                URI directory,
                Optional<URI> account,
                Optional<String> profile,
                List<HostName> orderedNames,
                Optional<OfferedChains> otherChains) {
            this(directory, account, profile, orderedNames, Optional.empty(), otherChains);
        }

        /** A certificate whose order is not known. */
        public IssuedByCa(URI directory, Optional<URI> account, Optional<String> profile) {
            this(directory, account, profile, List.of(), Optional.empty(), Optional.empty());
        }
    }
}
