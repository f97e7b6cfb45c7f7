package org.ringcert.acme;

import java.net.URI;
import java.security.KeyPair;

/**
 * An account at a CA (RFC 8555, section 7.1.2). Immutable. It contains the private key, which {@link #toString()} does
 * not show.
 *
 * @param url the account's URL, which is the {@code kid} of its requests
 * @param key an EC key on P-256 or P-384, or an RSA key
 */
public record Account(URI url, KeyPair key) {

    /** Returns the SHA-256 thumbprint of the public key, in base64url (RFC 7638). */
    public String thumbprint() {
        return new Jwk(key.getPublic()).thumbprint();
    }

    @Override
    public String toString() {
        return "account " + url;
    }
}
