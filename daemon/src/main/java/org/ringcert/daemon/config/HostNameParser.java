package org.ringcert.daemon.config;

import org.ringcert.cluster.HostName;

/** Parses host names in the file. */
final class HostNameParser {

    private static final int MAX_LENGTH = 253;

    private HostNameParser() {}

    /** @throws IllegalArgumentException if it is not a host name; the message says why and what would be right */
    static HostName parse(String written) {
        // Checked first, because the conversion to ASCII fails badly on much longer names.
        if (written.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "a host name has at most " + MAX_LENGTH + " characters, and this has " + written.length());
        }
        if (IpLiteral.isMeantAsOne(written)) {
            throw new IllegalArgumentException(
                    "this is an IP address, and certificates for addresses are not supported; write a DNS name");
        }
        if (written.matches("[^:/]*(://|:\\d+$|/).*")) {
            throw new IllegalArgumentException("write the name alone, without scheme, port or path");
        }
        return HostName.of(written);
    }
}
