package org.ringcert.daemon.config;

import java.util.List;
import java.util.Optional;
import org.ringcert.pki.KeyType;

/**
 * What a site has instead of the settings of the CAs. Immutable.
 *
 * @param keys the types of its certificates' keys, one for each certificate, of different algorithms; empty for those
 *     of each CA
 * @param profile the certificate profile at the first CA; empty for that of the CA's settings
 * @param uniqueName the pattern of the name that its certificate has on one server, or group of servers, alone; empty
 *     if all servers have the same names
 */
public record SiteSettings(Optional<List<KeyType>> keys, Optional<String> profile, Optional<UniqueName> uniqueName) {

    /** Those of a site that has no settings of its own. */
    public static final SiteSettings NONE = new SiteSettings(Optional.empty(), Optional.empty(), Optional.empty());

    public SiteSettings {
        keys = keys.map(List::copyOf);
    }
}
