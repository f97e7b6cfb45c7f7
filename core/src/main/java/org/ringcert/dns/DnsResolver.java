package org.ringcert.dns;

import java.time.Duration;
import org.ringcert.cluster.HostName;

/**
 * Asks a DNS server as a CA does: without a cache, the hosts file or a search list. Methods block, never fail, and end
 * within {@link #TIMEOUT}. When many lookups run at the same time, a lookup may wait for its turn first, without a
 * limit ({@link DnsjavaResolver}: when 64 run); an interrupt ends the wait. Thread-safe.
 */
public interface DnsResolver {

    /** How long a lookup may take from its turn on, with all its attempts. */
    Duration TIMEOUT = Duration.ofSeconds(3);

    /** Returns the IPv4 and IPv6 addresses of a host. The two lookups run at the same time. */
    HostAddresses addresses(HostName name);

    /** Returns the CAA records at exactly this name, without climbing to its parents (RFC 8659). */
    CaaLookup caa(String domain);
}
