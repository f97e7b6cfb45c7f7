package org.ringcert.store;

import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;

/**
 * One version of a site's certificate on disk: {@code versions/SITE/TIME/}. Immutable.
 *
 * @param site the site's name
 * @param directory where its files are
 * @param chain leaf first, at least one
 * @param origin where it comes from
 */
public record Version(HostName site, Path directory, List<X509Certificate> chain, Origin origin) {

    /** The number of that kind of name in {@link X509Certificate#getSubjectAlternativeNames()}. */
    private static final Integer DNS_NAME = 2;

    public Version {
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

    /** The host names among the leaf's subject alternative names, sorted; what else stands there, such as a wildcard, is left out. */
    public List<HostName> names() {
        Collection<List<?>> names;
        try {
            names = leaf().getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return List.of();
        }
        if (names == null) {
            return List.of();
        }
        return names.stream()
                .filter(name -> Objects.equals(name.get(0), DNS_NAME))
                .flatMap(name -> hostName(String.valueOf(name.get(1))))
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<HostName> hostName(String name) {
        try {
            return Stream.of(HostName.of(name));
        } catch (IllegalArgumentException e) {
            return Stream.empty();
        }
    }

    /** The kind of the leaf's key, where it is one that can be configured. */
    public Optional<KeyType> keyType() {
        return KeyType.of(leaf().getPublicKey());
    }
}
