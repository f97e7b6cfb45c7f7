package org.ringcert.view.ca;

import java.time.Duration;
import java.util.Set;

/**
 * How strict a CA is, and on which ports it validates.
 *
 * @param strictness whether private addresses, other ports and other top-level domains are refused or only suspicious
 * @param httpPort the port at which a validation starts; 80 in production
 * @param httpsPort the port of https on the servers of the cluster; 443 in production
 * @param otherPorts further ports that redirects may lead to because servers of the cluster have them
 */
public record ValidationRules(Strictness strictness, int httpPort, int httpsPort, Set<Integer> otherPorts) {

    /** A whole walk, with its name lookups, fails after this time. */
    public static final Duration MAX_TIME = Duration.ofSeconds(9);

    /** A walk that takes longer than this is suspicious. */
    public static final Duration SLOW = Duration.ofSeconds(5);

    public ValidationRules {
        otherPorts = Set.copyOf(otherPorts);
    }

    /** How much of the Internet's rules applies. */
    public enum Strictness {
        /** A CA of the public web. Only public names, public addresses and ports 80 and 443 will do. */
        PUBLIC_CA,
        /** A private CA, whose rules are unknown. What a public CA would refuse for these reasons is a warning. */
        PRIVATE_CA
    }
}
