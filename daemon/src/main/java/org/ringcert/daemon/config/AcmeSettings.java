package org.ringcert.daemon.config;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.ringcert.pki.KeyType;

/**
 * A CA that certificates are ordered from. The user has agreed to its terms of service: without that no configuration
 * loads. Immutable.
 *
 * @param directory the URL of its directory; https, or http to a loopback address
 * @param known which public CA it is; empty for any other, which is taken for a private one
 * @param contact an e-mail address without scheme
 * @param trustedRoots what {@code ca-file} holds: certificates to trust for the directory's own https, at least one;
 *     empty for what the system trusts
 * @param profile the CA's profile to order by; empty for its default
 * @param key the kind of keys to make certificates for
 */
public record AcmeSettings(
        URI directory,
        Optional<KnownAuthority> known,
        Optional<String> contact,
        Optional<List<X509Certificate>> trustedRoots,
        Optional<String> profile,
        KeyType key) {

    /** The name that a user knows it by: that of a known CA, else its URL. */
    public String label() {
        return known.map(KnownAuthority::label).orElseGet(directory::toString);
    }
}
