package org.ringcert.daemon.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.ringcert.pki.KeyType;

/**
 * A CA that certificates are ordered from. The user has agreed to its terms of service: without that no configuration
 * loads. Immutable.
 *
 * @param directory the URL of its directory; https, or http to a loopback address
 * @param known which public CA it is; empty for any other, which is taken for a private one
 * @param contact an e-mail address without scheme
 * @param caFile certificates (PEM) to trust for the directory's own https; the file was there and readable when the
 *     configuration was loaded, its content was not looked at
 * @param profile the CA's profile to order by; empty for its default
 * @param key the kind of keys to make certificates for
 */
public record AcmeSettings(
        URI directory,
        Optional<KnownAuthority> known,
        Optional<String> contact,
        Optional<Path> caFile,
        Optional<String> profile,
        KeyType key) {

    /** The name that a user knows it by: that of a known CA, else its URL. */
    public String label() {
        return known.map(KnownAuthority::label).orElseGet(directory::toString);
    }
}
