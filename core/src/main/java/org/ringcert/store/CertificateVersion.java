package org.ringcert.store;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SubjectNames;

/**
 * One version of a certificate on disk, in {@code versions/NAME/TIME/}. Immutable.
 *
 * @param name the name of the certificate
 * @param directory the directory that holds the version's files
 * @param chain at least one certificate, leaf first
 * @param origin where the certificate comes from
 * @param revocation that this node has revoked the certificate; empty if it has not, as far as it knows
 */
public record CertificateVersion(
        CertificateName name,
        Path directory,
        List<X509Certificate> chain,
        Origin origin,
        Optional<Revocation> revocation)
        implements CertificateFacts {

    public CertificateVersion {
        chain = List.copyOf(chain);
    }

    /** Creates a version that has not been revoked. */
    public CertificateVersion(CertificateName name, Path directory, List<X509Certificate> chain, Origin origin) {
        this(name, directory, chain, origin, Optional.empty());
    }

    /** Returns the name of its directory, by which an administrator can name the version. */
    public String label() {
        return String.valueOf(directory.getFileName());
    }

    /** Returns the name of the site. */
    public HostName site() {
        return name.site();
    }

    /** Returns the site's own certificate. */
    public X509Certificate leaf() {
        return chain.getFirst();
    }

    @Override
    public Instant notBefore() {
        return leaf().getNotBefore().toInstant();
    }

    @Override
    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    /** Returns the host names of the leaf, sorted. */
    public List<HostName> names() {
        return SubjectNames.hostNames(leaf());
    }

    @Override
    public List<HostName> orderedNames() {
        return origin instanceof Origin.IssuedByCa issued
                        && !issued.orderedNames().isEmpty()
                ? issued.orderedNames()
                : names();
    }

    @Override
    public Optional<KeyType> keyType() {
        return KeyType.of(leaf().getPublicKey());
    }
}
