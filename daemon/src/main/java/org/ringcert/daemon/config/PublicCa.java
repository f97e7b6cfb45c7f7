package org.ringcert.daemon.config;

import java.net.URI;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.ringcert.acme.RevocationReason;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.plan.Limits;

/**
 * A public CA that the configuration can name. Its directory and its rules for names and ports are known. The sources
 * of these facts and their dates are in {@code docs/cas.md}; what has no source there is left out here.
 */
public enum PublicCa {
    /** Let's Encrypt. Its validation servers follow redirects to other names and say who they are. */
    LETSENCRYPT(
            "letsencrypt",
            "Let's Encrypt",
            "https://acme-v02.api.letsencrypt.org/directory",
            Optional.of("https://letsencrypt.org/repository/"),
            CaHandoff.REDIRECT,
            Optional.empty()),

    /** Let's Encrypt's environment for testing. No browser trusts its certificates, and its limits are wide. */
    LETSENCRYPT_STAGING(
            "letsencrypt-staging",
            "Let's Encrypt",
            "https://acme-staging-v02.api.letsencrypt.org/directory",
            Optional.of("https://letsencrypt.org/repository/"),
            CaHandoff.REDIRECT,
            Optional.empty()),

    /** ZeroSSL. Its EAB credentials are reusable, so every server may have the same. */
    ZEROSSL(
            "zerossl",
            "ZeroSSL",
            "https://acme.zerossl.com/v2/DV90",
            Optional.empty(),
            CaHandoff.RELAY,
            Optional.of("in the section Developer of https://app.zerossl.com")),

    /**
     * Google Trust Services. Each server needs EAB credentials of its own, used within 7 days; the account does not
     * expire. An account without an e-mail address is refused.
     */
    GOOGLE(
            "google",
            "Google Trust Services",
            "https://dv.acme-v02.api.pki.goog/directory",
            Optional.of("https://pki.goog/repository/"),
            CaHandoff.RELAY,
            Optional.of("with `gcloud publicca external-account-keys create`, once for each server")),

    /**
     * SSL.com. It has a directory for each kind of key, so with one {@code [acme]} it issues one kind. Orders of an
     * account without an e-mail address are refused.
     */
    SSLCOM(
            "sslcom",
            "SSL.com",
            "https://acme.ssl.com/sslcom-dv-ecc",
            Optional.empty(),
            CaHandoff.RELAY,
            Optional.of("under `api credentials` in the dashboard of your account at https://www.ssl.com")),

    /** Actalis. Its free certificates have a single name. */
    ACTALIS(
            "actalis",
            "Actalis",
            "https://acme-api.actalis.com/acme/directory",
            Optional.of("https://www.actalis.com/legal-repository"),
            CaHandoff.RELAY,
            Optional.of("under `Manage with ACME` in your customer area at https://www.actalis.com"));

    private static final String SSLCOM_RSA_DIRECTORY = "https://acme.ssl.com/sslcom-dv-rsa";

    private final String label;
    private final String displayName;
    private final String directory;

    @SuppressWarnings("ImmutableEnumChecker") // An Optional of an immutable value.
    private final Optional<String> terms;

    private final CaHandoff handoff;

    @SuppressWarnings("ImmutableEnumChecker") // An Optional of an immutable value.
    private final Optional<String> credentialsSource;

    PublicCa(
            String label,
            String displayName,
            String directory,
            Optional<String> terms,
            CaHandoff handoff,
            Optional<String> credentialsSource) {
        this.label = label;
        this.displayName = displayName;
        this.directory = directory;
        this.terms = terms;
        this.handoff = handoff;
        this.credentialsSource = credentialsSource;
    }

    /** Returns whether no browser trusts its certificates. */
    public boolean isForTests() {
        return this == LETSENCRYPT_STAGING;
    }

    /** Returns the CA that the configuration names by its label or by the URL of its directory. */
    public static Optional<PublicCa> named(String labelOrUrl) {
        return Arrays.stream(values())
                .filter(authority -> authority.label.equals(labelOrUrl) || authority.hasDirectory(labelOrUrl))
                .findFirst();
    }

    /** Returns the CA with this directory. */
    static Optional<PublicCa> fromDirectory(URI directory) {
        return Arrays.stream(values())
                .filter(authority -> authority.hasDirectory(directory.toString()))
                .findFirst();
    }

    /**
     * Returns what the User-Agent of a validation request contains if it comes from a CA that follows redirects to
     * another name. Such a request never needs a relayed answer. The CAs that are known to follow and say who they are:
     * Let's Encrypt, whose requests have {@code Mozilla/5.0 (compatible; Let's Encrypt validation server;
     * +https://www.letsencrypt.org)}.
     */
    public static List<String> userAgentsThatFollowRedirects() {
        return List.of("Let's Encrypt validation server");
    }

    private boolean hasDirectory(String url) {
        return directory.equals(url) || (this == SSLCOM && url.equals(SSLCOM_RSA_DIRECTORY));
    }

    /** Returns the name in the configuration. */
    public String label() {
        return label;
    }

    /** Returns the name for messages. */
    public String displayName() {
        return displayName;
    }

    /** Returns the URL of the directory (RFC 8555, section 7.1.1) for the default type of key. */
    public URI directory() {
        return URI.create(directory);
    }

    /** Returns the URL of the directory for certificates with this type of key. */
    public URI directory(KeyType key) {
        return URI.create(this == SSLCOM && key.label().startsWith("rsa") ? SSLCOM_RSA_DIRECTORY : directory);
    }

    /** Returns where the CA publishes its terms of service. Empty if only its directory says so. */
    public Optional<String> terms() {
        return terms;
    }

    /** Returns how its challenges are handed over unless the file says otherwise. */
    public CaHandoff handoff() {
        return handoff;
    }

    /**
     * Returns where to get EAB credentials (RFC 8555, section 7.3.4), to complete "get them ...". Empty if the CA makes
     * accounts without them.
     */
    public Optional<String> credentialsSource() {
        return credentialsSource;
    }

    /** Returns whether it refuses an account without an e-mail address, or the orders of one. */
    public boolean needsContact() {
        return this == GOOGLE || this == SSLCOM;
    }

    /** Returns its limits; {@link Limits#NONE} if they are not known. The first call reads them from a file. */
    public Limits limits() {
        return isLetsEncrypt() ? Objects.requireNonNull(BundledLimits.ALL.get(directory())) : Limits.NONE;
    }

    /** The limits that this version came with. */
    private static final class BundledLimits {
        static final Map<URI, Limits> ALL = LimitsFile.bundled();
    }

    /**
     * Returns the reasons for which it revokes a certificate if a subscriber asks; empty if they are not known. Let's
     * Encrypt: {@code revocation/reasons.go} of Boulder v0.20261105.0, and seen by running it.
     */
    public Optional<Set<RevocationReason>> revocationReasons() {
        return isLetsEncrypt()
                ? Optional.of(EnumSet.of(
                        RevocationReason.UNSPECIFIED,
                        RevocationReason.KEY_COMPROMISE,
                        RevocationReason.SUPERSEDED,
                        RevocationReason.CESSATION_OF_OPERATION))
                : Optional.empty();
    }

    /**
     * Returns whether it records {@code keyCompromise} for every revocation that the certificate's own key has signed,
     * and then never again issues a certificate for that key (Boulder v0.20261105.0, {@code RevokeCertByKey}).
     */
    public boolean blocksKeysThatRevoke() {
        return isLetsEncrypt();
    }

    /** Returns its name in CAA records (RFC 8659, section 4.2), for when its directory cannot be read. */
    public HostName caaIdentity() {
        return new HostName(
                switch (this) {
                    case LETSENCRYPT, LETSENCRYPT_STAGING -> "letsencrypt.org";
                    case ZEROSSL -> "sectigo.com";
                    case GOOGLE -> "pki.goog";
                    case SSLCOM -> "ssl.com";
                    case ACTALIS -> "actalis.it";
                });
    }

    /** Returns whether it is known to compare the URL of the account with a CAA record's (RFC 8657). */
    public boolean comparesAccountUrl() {
        return isLetsEncrypt();
    }

    public boolean isLetsEncrypt() {
        return this == LETSENCRYPT || this == LETSENCRYPT_STAGING;
    }

    @Override
    public String toString() {
        return label;
    }
}
