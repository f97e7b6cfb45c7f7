package org.ringcert.acme;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Where a CA's resources are, and what it says of itself (RFC 8555, section 7.1.1). Immutable.
 *
 * @param profiles the names of its profiles (draft-ietf-acme-profiles); empty where it knows none
 * @param externalAccountRequired whether it registers only who has an account with it already (RFC 8555, section 7.3.4)
 */
record Directory(URI newNonce, URI newAccount, URI newOrder, List<String> profiles, boolean externalAccountRequired) {

    private static final int MOST_PROFILES = 100;

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
                profiles.stream()
                        .flatMap(offered -> offered.names().stream())
                        .limit(MOST_PROFILES)
                        .map(name -> ProblemDocument.clean(name, 100))
                        .toList(),
                meta.isPresent() && meta.get().flag("externalAccountRequired"));
    }
}
