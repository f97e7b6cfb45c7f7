package org.ringcert.daemon.config;

import org.ringcert.cluster.HostName;

/** Host names as people write them into the file. */
final class HostNameParser {

    private static final int LONGEST = 253;

    private HostNameParser() {}

    /** @throws IllegalArgumentException if it is no host name; the message says why and what would be right */
    static HostName parse(String written) {
        // before all else: the conversion to ASCII chokes on what is much longer
        if (written.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "a host name has at most " + LONGEST + " characters, this has " + written.length());
        }
        if (IpLiteral.looksLikeOne(written)) {
            throw new IllegalArgumentException(
                    "this is an IP address, and certificates for addresses are not supported; write a DNS name");
        }
        if (written.matches("[^:/]*(://|:\\d+$|/).*")) {
            throw new IllegalArgumentException("write the name alone, without scheme, port or path");
        }
        return HostName.of(written);
    }
}
