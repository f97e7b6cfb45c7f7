package org.ringcert.challenge;

import java.util.Set;

/** How CAs follow redirects when they validate an {@code http-01} challenge (RFC 8555, section 8.3). */
public final class Http01 {

    /**
     * The most redirects that every CA follows: Let's Encrypt's Boulder since 2026-09, Pebble and step-ca stop after
     * nine. Boulder followed ten before.
     */
    public static final int MAX_REDIRECTS = 9;

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 307, 308);

    private Http01() {}

    /** Returns whether CAs follow a redirect with that status (CA/B Forum Baseline Requirements, 3.2.2.4.19). */
    public static boolean isFollowed(int status) {
        return REDIRECTS.contains(status);
    }
}
