package org.ringcert.store;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyAlgorithm;

/**
 * The name of a certificate in the store: {@code www.example.org} for a site's first certificate,
 * {@code www.example.org+rsa} for a second one with another kind of key. It is the name of the link in {@code certs/},
 * of the directory in {@code versions/}, and of the files in {@code orders/}. Immutable.
 *
 * @param site the site's name
 * @param secondKey the key's algorithm if this is the site's second certificate; empty for the first
 */
public record CertificateName(HostName site, Optional<KeyAlgorithm> secondKey) implements Comparable<CertificateName> {

    private static final String SEPARATOR = "+";

    /** Returns the name of the site's first certificate. */
    public static CertificateName first(HostName site) {
        return new CertificateName(site, Optional.empty());
    }

    /** Returns the name of the site's second certificate, whose key has this algorithm. */
    public static CertificateName second(HostName site, KeyAlgorithm algorithm) {
        return new CertificateName(site, Optional.of(algorithm));
    }

    /**
     * Parses what {@link #toString} returns.
     *
     * @throws IllegalArgumentException if the text is not such a name; the message says what is wrong and does not
     *     repeat the text
     */
    public static CertificateName of(String text) {
        int separator = text.indexOf(SEPARATOR);
        if (separator < 0) {
            return first(HostName.of(text));
        }
        String suffix = text.substring(separator + 1);
        KeyAlgorithm algorithm = Arrays.stream(KeyAlgorithm.values())
                .filter(each -> each.label().equals(suffix))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("after the + comes the kind of key, ec or rsa"));
        return second(HostName.of(text.substring(0, separator)), algorithm);
    }

    /** Returns the names that the other certificates of this site have, if there are any. */
    public List<CertificateName> siblings() {
        return Stream.concat(
                        Stream.of(first(site)),
                        Arrays.stream(KeyAlgorithm.values()).map(algorithm -> second(site, algorithm)))
                .filter(name -> !name.equals(this))
                .toList();
    }

    // Written out for a fast start, as in HostName.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CertificateName name && site.equals(name.site) && secondKey.equals(name.secondKey);
    }

    @Override
    public int hashCode() {
        return 31 * site.hashCode() + secondKey.hashCode();
    }

    @Override
    public int compareTo(CertificateName other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return secondKey.map(algorithm -> site + SEPARATOR + algorithm.label()).orElseGet(site::value);
    }
}
