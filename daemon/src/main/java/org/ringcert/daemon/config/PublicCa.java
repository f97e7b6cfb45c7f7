package org.ringcert.daemon.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** A public CA that the configuration can name. Its directory and its rules for names and ports are known. */
public enum PublicCa {
    /**
     * Let's Encrypt. It issues 5 certificates for one exact set of names within 7 days, and then another every 34 hours
     * (https://letsencrypt.org/docs/rate-limits/, "New Certificates per Exact Set of Identifiers").
     */
    LETSENCRYPT(
            "letsencrypt",
            "https://acme-v02.api.letsencrypt.org/directory",
            Optional.of(new IssuanceLimit(5, Duration.ofHours(34)))),

    /** Let's Encrypt's environment for testing. No browser trusts its certificates, and its limits are wide. */
    LETSENCRYPT_STAGING(
            "letsencrypt-staging", "https://acme-staging-v02.api.letsencrypt.org/directory", Optional.empty());

    /** Where Let's Encrypt publishes its terms of service. */
    public static final String LETSENCRYPT_TERMS = "https://letsencrypt.org/repository/";

    private final String label;
    private final String directory;

    @SuppressWarnings("ImmutableEnumChecker") // An Optional of a record of immutable values.
    private final Optional<IssuanceLimit> sameNamesLimit;

    PublicCa(String label, String directory, Optional<IssuanceLimit> sameNamesLimit) {
        this.label = label;
        this.directory = directory;
        this.sameNamesLimit = sameNamesLimit;
    }

    /** Returns the CA that the configuration names by its label or by the URL of its directory. */
    public static Optional<PublicCa> named(String labelOrUrl) {
        for (PublicCa authority : values()) {
            if (authority.label.equals(labelOrUrl) || authority.directory.equals(labelOrUrl)) {
                return Optional.of(authority);
            }
        }
        return Optional.empty();
    }

    /** Returns the CA with this directory. */
    static Optional<PublicCa> fromDirectory(URI directory) {
        for (PublicCa authority : values()) {
            if (authority.directory().equals(directory)) {
                return Optional.of(authority);
            }
        }
        return Optional.empty();
    }

    /** Returns the name in the configuration. */
    public String label() {
        return label;
    }

    /** Returns the URL of the directory (RFC 8555, section 7.1.1). */
    public URI directory() {
        return URI.create(directory);
    }

    /** Returns how many certificates for one exact set of names it issues; empty if that hardly matters. */
    public Optional<IssuanceLimit> sameNamesLimit() {
        return sameNamesLimit;
    }

    @Override
    public String toString() {
        return label;
    }
}
