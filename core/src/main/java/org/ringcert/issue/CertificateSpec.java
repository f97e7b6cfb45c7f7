package org.ringcert.issue;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateName;

/**
 * A certificate that a site should have, according to the configuration. Immutable.
 *
 * @param site the site, whose names the certificate must have
 * @param name the certificate's name in the store
 * @param sources the CAs that may issue it, in order of preference; at least one, and no CA twice
 * @param uniqueName a name that it has besides those of the site, so that the CA does not count it together with those
 *     of other nodes. Visitors need no such name, so a certificate without it is as good until its next renewal.
 */
public record CertificateSpec(Site site, CertificateName name, List<Source> sources, Optional<HostName> uniqueName) {

    /**
     * A CA that may issue the certificate, and what is ordered from it.
     *
     * @param directory the URL of the CA's directory
     * @param keyType the type of the certificate's key
     * @param profile the CA's profile, or empty for the CA's default
     * @param root the name of the root that the chain should lead to, or empty for the CA's default chain. It is a
     *     wish: a certificate is installed even if the CA offers no such chain.
     * @param keyUse which key the certificate gets
     */
    public record Source(
            URI directory, KeyType keyType, Optional<String> profile, Optional<String> root, KeyUse keyUse) {

        /** The CA's default chain, and a new key for each certificate. */
        public Source(URI directory, KeyType keyType, Optional<String> profile) {
            this(directory, keyType, profile, Optional.empty(), KeyUse.NEW_KEY);
        }
    }

    /** Which key a certificate gets. */
    public enum KeyUse {
        NEW_KEY,
        /**
         * The key of the current certificate, even a self-signed one, if it has the right type and was not retired;
         * otherwise a new key.
         */
        SAME_KEY
    }

    public CertificateSpec {
        sources = List.copyOf(sources);
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("a certificate needs a CA");
        }
    }

    /** Describes a certificate with the names of its site. */
    public CertificateSpec(Site site, CertificateName name, List<Source> sources) {
        this(site, name, sources, Optional.empty());
    }

    /** Describes the first, or only, certificate of a site, with the names of the site. */
    public CertificateSpec(Site site, List<Source> sources) {
        this(site, CertificateName.first(site.name()), sources);
    }

    /** Returns the names that the certificate is ordered with: those of the site, then the unique name. */
    public List<HostName> names() {
        return Stream.concat(site.names().stream(), uniqueName.stream()).toList();
    }

    /** Returns the same certificate with the names of the site alone. */
    public CertificateSpec withoutUniqueName() {
        return new CertificateSpec(site, name, sources);
    }

    /** Returns the CA that is asked first. */
    public Source preferredSource() {
        return sources.getFirst();
    }

    /** Returns the source whose CA has this directory; empty if that CA may not issue the certificate. */
    public Optional<Source> source(URI directory) {
        return sources.stream()
                .filter(source -> source.directory().equals(directory))
                .findFirst();
    }
}
