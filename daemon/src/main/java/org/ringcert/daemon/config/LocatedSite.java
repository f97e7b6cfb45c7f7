package org.ringcert.daemon.config;

import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;

/**
 * A site and positions in the file.
 *
 * @param names its names; there are none if all are wrong
 * @param keys its {@code keys}, if it has any that are right
 * @param profile its {@code profile}, if it has one that is right
 * @param uniqueName its {@code unique-name}, if it has one that is right by itself
 */
record LocatedSite(
        List<Located<HostName>> names,
        Optional<LocatedList<KeyType>> keys,
        Optional<Located<String>> profile,
        Optional<Located<UniqueName>> uniqueName) {

    LocatedSite {
        names = List.copyOf(names);
    }

    SiteSettings settings() {
        return new SiteSettings(
                keys.map(LocatedList::values), profile.map(Located::value), uniqueName.map(Located::value));
    }

    /** @throws IllegalArgumentException if there are no names */
    Site site() {
        return new Site(names.stream().map(Located::value).toList());
    }
}
