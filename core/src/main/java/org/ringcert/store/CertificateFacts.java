package org.ringcert.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;

/** What is known of a certificate when its renewal is decided. */
public interface CertificateFacts {

    /** Returns where the certificate comes from. */
    Origin origin();

    /** Returns that this node has revoked the certificate; empty if it has not, as far as it knows. */
    Optional<Revocation> revocation();

    /** Returns the first moment at which the certificate is valid. */
    Instant notBefore();

    /** Returns the last moment at which the certificate is valid. */
    Instant notAfter();

    /** Returns how long the certificate is valid in all, from {@link #notBefore} to {@link #notAfter}. */
    default Duration lifetime() {
        return Duration.between(notBefore(), notAfter());
    }

    /**
     * Returns the host names of the site that were ordered, or all of the certificate if the order is not known. A CA
     * may add names of its own to a certificate.
     */
    List<HostName> orderedNames();

    /** Returns the type of the certificate's key; empty if it is not one of the types that can be configured. */
    Optional<KeyType> keyType();
}
