package org.ringcert.daemon.migration;

import java.util.List;
import java.util.stream.Collectors;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;

/**
 * A site and the types of its certificates' keys. Immutable.
 *
 * @param keys one for each of its certificates, of different algorithms; at least one
 */
public record SiteKeys(Site site, List<KeyType> keys) {

    public SiteKeys {
        keys = List.copyOf(keys);
    }

    /** Returns the value of {@code keys} in the configuration: {@code ["ec256", "rsa2048"]}. */
    public String keysValue() {
        return value(keys);
    }

    static String value(List<KeyType> keys) {
        return keys.stream().map(key -> '"' + key.label() + '"').collect(Collectors.joining(", ", "[", "]"));
    }
}
