package org.ringcert.daemon.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/** IP addresses as they are written; never a name, never a look-up. */
final class IpLiteral {

    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final Pattern NUMBERS = Pattern.compile("(.*\\.)?[0-9]+");
    private static final Pattern COLONS = Pattern.compile("\\[?[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:.*");

    private IpLiteral() {}

    /**
     * Whether whoever wrote it meant an address; it may still be a wrong one. No host name ends in a label of digits.
     */
    static boolean looksLikeOne(String written) {
        return NUMBERS.matcher(written).matches() || COLONS.matcher(written).matches();
    }

    /**
     * The address, IPv6 without brackets and zone. The short IPv4 forms that the JDK takes (127.1, 010.0.0.1) are
     * refused.
     *
     * @throws IllegalArgumentException if it is none; the message says what would be right
     */
    static InetAddress parse(String written) {
        boolean shaped = written.indexOf(':') < 0
                ? IPV4.matcher(written).matches()
                : IPV6.matcher(written).matches();
        if (shaped) {
            try {
                return InetAddress.ofLiteral(written);
            } catch (IllegalArgumentException e) {
                // falls through: the shape alone says little about IPv6
            }
        }
        throw new IllegalArgumentException(
                written.startsWith("[")
                        ? "write the address without brackets"
                        : "this is no IP address; one looks like 10.0.0.10 or 2001:db8::10");
    }

    /** The usual short form of IPv6 (RFC 5952, but for which of several runs of zeros is shortened). */
    static String shown(InetAddress address) {
        return address instanceof Inet6Address
                ? address.getHostAddress().replaceFirst("(^|:)(0(:|$)){2,}", "::")
                : address.getHostAddress();
    }
}
