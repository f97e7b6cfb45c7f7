package org.ringcert.daemon.setup;

import java.util.Arrays;
import java.util.List;

/** The names of a site as the user gave them, not checked. Immutable. */
public record SiteNames(List<String> names) {

    public SiteNames {
        names = List.copyOf(names);
    }

    /** Splits the text at commas and blanks. */
    public static SiteNames parse(String written) {
        return new SiteNames(Arrays.stream(written.split("[,\\s]+"))
                .filter(name -> !name.isEmpty())
                .toList());
    }

    /** Returns the name of the site's certificate. */
    String first() {
        return names.getFirst();
    }
}
