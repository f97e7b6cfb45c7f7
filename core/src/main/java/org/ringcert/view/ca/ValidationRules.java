package org.ringcert.view.ca;

import java.time.Duration;
import java.util.Set;

/**
 * How strict a CA is, on which ports it validates, and what its requests look like.
 *
 * @param strictness whether private addresses, other ports and other top-level domains are refused or only suspicious
 * @param httpPort the port at which a validation starts; 80 in production
 * @param httpsPort the port of https on the servers of the cluster; 443 in production
 * @param otherPorts further ports that redirects may lead to because servers of the cluster have them; a public CA
 *     refuses them all the same
 * @param userAgent the User-Agent of requests
 */
public record ValidationRules(
        Strictness strictness, int httpPort, int httpsPort, Set<Integer> otherPorts, UserAgent userAgent) {

    /** A whole walk, with its name lookups, fails after this time. */
    public static final Duration MAX_TIME = Duration.ofSeconds(9);

    /** A walk that takes longer than this is suspicious. */
    public static final Duration SLOW = Duration.ofSeconds(5);

    public ValidationRules {
        otherPorts = Set.copyOf(otherPorts);
    }

    /** A public CA is taken for Let's Encrypt, a private one for a CA that does not say who it is. */
    public ValidationRules(Strictness strictness, int httpPort, int httpsPort, Set<Integer> otherPorts) {
        this(
                strictness,
                httpPort,
                httpsPort,
                otherPorts,
                strictness == Strictness.PUBLIC_CA ? UserAgent.LETS_ENCRYPT : UserAgent.OTHER_CA);
    }

    /** How much of the Internet's rules applies. */
    public enum Strictness {
        /** A CA of the public web. Only public names, public addresses and ports 80 and 443 will do. */
        PUBLIC_CA,
        /** A private CA, whose rules are unknown. What a public CA would refuse for these reasons is a warning. */
        PRIVATE_CA
    }

    /**
     * What requests say about their sender. Servers may treat CAs differently: a node of this cluster redirects Let's
     * Encrypt to the holder of a challenge, but relays the challenge to CAs that may not follow redirects.
     */
    public enum UserAgent {
        /** Looks like Let's Encrypt to a server that searches for its name, but never exactly like it. */
        LETS_ENCRYPT(
                "Mozilla/5.0 (compatible; Let's Encrypt validation server; +https://www.letsencrypt.org) ringcert"),
        /** A CA that does not say who it is. */
        OTHER_CA("Mozilla/5.0 (compatible; validation server) ringcert");

        private final String header;

        UserAgent(String header) {
            this.header = header;
        }

        /** Returns the value of the header. */
        public String header() {
            return header;
        }
    }
}
