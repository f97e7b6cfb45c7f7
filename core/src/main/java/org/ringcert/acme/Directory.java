package org.ringcert.acme;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.PrintableText;

/**
 * A CA's directory: the URLs of its resources, and its metadata (RFC 8555, section 7.1.1). Immutable.
 *
 * @param revokeCert where to revoke certificates; empty if the CA does not offer it, as some private CAs
 * @param renewalInfo where to ask for renewal information (RFC 9773, section 3); empty if the CA offers none
 * @param keyChange where to change an account's key (RFC 8555, section 7.3.5); empty if the CA does not offer it
 * @param information what it says about the CA itself
 * @param profiles the names of its profiles (draft-ietf-acme-profiles); empty if it has none
 * @param externalAccountRequired whether registration requires an existing account with the CA (RFC 8555, section
 *     7.3.4)
 */
record Directory(
        URI newNonce,
        URI newAccount,
        URI newOrder,
        Optional<URI> revokeCert,
        Optional<URI> renewalInfo,
        Optional<URI> keyChange,
        CaInformation information,
        List<String> profiles,
        boolean externalAccountRequired) {

    private static final int MAX_PROFILES = 100;

    Directory {
        profiles = List.copyOf(profiles);
    }

    static Directory read(JsonFields fields) throws AcmeException {
        Optional<JsonFields> meta = fields.object("meta");
        Optional<JsonFields> profiles =
                meta.isEmpty() ? Optional.empty() : meta.get().object("profiles");
        return new Directory(
                fields.url("newNonce"),
                fields.url("newAccount"),
                fields.url("newOrder"),
                optional(fields, "revokeCert"),
                optional(fields, "renewalInfo"),
                optional(fields, "keyChange"),
                meta.map(CaInformation::read).orElse(CaInformation.NONE),
                profiles.stream()
                        .flatMap(offered -> offered.names().stream())
                        .limit(MAX_PROFILES)
                        .map(name -> PrintableText.of(name, 100))
                        .toList(),
                meta.isPresent() && meta.get().flag("externalAccountRequired"));
    }

    Directory withClockOffset(Optional<Duration> offset) {
        return new Directory(
                newNonce,
                newAccount,
                newOrder,
                revokeCert,
                renewalInfo,
                keyChange,
                information.withClockOffset(offset),
                profiles,
                externalAccountRequired);
    }

    /** A CA whose URL is malformed counts as one that does not offer the resource: it can still issue certificates. */
    private static Optional<URI> optional(JsonFields fields, String name) {
        try {
            return fields.optionalUrl(name);
        } catch (AcmeException _) {
            return Optional.empty();
        }
    }
}
