package org.ringcert.daemon.config;

import java.net.URI;

/**
 * A public CA that the configuration may name. Its directory is known, and its limits and its rules for public names
 * apply.
 */
public enum KnownAuthority {
    LETSENCRYPT("letsencrypt", "https://acme-v02.api.letsencrypt.org/directory"),
    /** Let's Encrypt's environment for trials: no browser trusts its certificates, and its limits are wide. */
    LETSENCRYPT_STAGING("letsencrypt-staging", "https://acme-staging-v02.api.letsencrypt.org/directory");

    private final String label;
    private final String directory;

    KnownAuthority(String label, String directory) {
        this.label = label;
        this.directory = directory;
    }

    /** Its name in the configuration. */
    public String label() {
        return label;
    }

    /** The URL of its directory (RFC 8555, section 7.1.1). */
    public URI directory() {
        return URI.create(directory);
    }

    @Override
    public String toString() {
        return label;
    }
}
