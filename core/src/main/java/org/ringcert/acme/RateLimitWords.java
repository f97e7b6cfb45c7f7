package org.ringcert.acme;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringcert.cluster.HostName;

/** How a CA explains that a limit was exceeded: the words of Boulder, {@code ratelimits/limiter.go} (2026-08). */
final class RateLimitWords {

    private static final Pattern DOMAIN =
            Pattern.compile("too many certificates \\([0-9]{1,9}\\) already issued for \"([a-z0-9.-]{1,253})\"");

    private static final Pattern OTHER =
            Pattern.compile("too many (new orders|new registrations|failed authorizations|requests)|[Ss]ervice busy");

    private RateLimitWords() {}

    static RateLimitSubject subject(String detail) {
        Matcher domain = DOMAIN.matcher(detail);
        if (domain.find()) {
            try {
                return new RateLimitSubject.RegisteredDomain(new HostName(domain.group(1)));
            } catch (IllegalArgumentException _) {
                return new RateLimitSubject.ExactNames();
            }
        }
        return OTHER.matcher(detail).find() ? new RateLimitSubject.Other() : new RateLimitSubject.ExactNames();
    }
}
