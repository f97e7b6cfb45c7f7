package org.ringcert.daemon.config;

import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;

/** The names of a site and their positions in the file. There are none if all are wrong. */
record LocatedSite(List<Located<HostName>> names) {

    LocatedSite {
        names = List.copyOf(names);
    }

    /** @throws IllegalArgumentException if there are no names */
    Site site() {
        return new Site(names.stream().map(Located::value).toList());
    }
}
