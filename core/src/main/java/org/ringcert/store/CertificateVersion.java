package org.ringcert.store;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SubjectNames;

/**
 * One version of a site's certificate on disk: {@code versions/SITE/TIME/}. Immutable.
 *
 * @param site the site's name
 * @param directory where its files are
 * @param chain leaf first, at least one
 * @param origin where it comes from
 */
public record CertificateVersion(HostName site, Path directory, List<X509Certificate> chain, Origin origin) {

    public CertificateVersion {
        chain = List.copyOf(chain);
    }

    /** The certificate that is the site's. */
    public X509Certificate leaf() {
        return chain.getFirst();
    }

    /** The first moment of the leaf. */
    public Instant notBefore() {
        return leaf().getNotBefore().toInstant();
    }

    /** The last moment of the leaf. */
    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    /** From its first to its last moment. */
    public Duration lifetime() {
        return Duration.between(notBefore(), notAfter());
    }

    /** The host names of the leaf, sorted. */
    public List<HostName> names() {
        return SubjectNames.hostNames(leaf());
    }

    /** The kind of the leaf's key, where it is one that can be configured. */
    public Optional<KeyType> keyType() {
        return KeyType.of(leaf().getPublicKey());
    }
}
