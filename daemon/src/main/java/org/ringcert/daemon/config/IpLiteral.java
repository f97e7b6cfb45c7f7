package org.ringcert.daemon.config;

import java.net.InetAddress;
import java.util.regex.Pattern;

/** Parses IP addresses. Never looks up a name. */
final class IpLiteral {

    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final Pattern NUMBERS = Pattern.compile("(.*\\.)?[0-9]+");
    private static final Pattern COLONS = Pattern.compile("\\[?[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:.*");

    private IpLiteral() {}

    /**
     * Returns whether this is meant as an address, even if it is a wrong one. No host name ends in a label of digits.
     */
    static boolean isMeantAsOne(String written) {
        return NUMBERS.matcher(written).matches() || COLONS.matcher(written).matches();
    }

    /**
     * Parses an address. An IPv6 address has no brackets and no zone. The short IPv4 forms that the JDK accepts (127.1,
     * 010.0.0.1) are refused.
     *
     * @throws IllegalArgumentException if it is wrong; the message says what would be right
     */
    static InetAddress parse(String written) {
        boolean hasForm = written.indexOf(':') < 0
                ? IPV4.matcher(written).matches()
                : IPV6.matcher(written).matches();
        if (hasForm) {
            try {
                return InetAddress.ofLiteral(written);
            } catch (IllegalArgumentException e) {
                // The pattern for IPv6 accepts much that is not an address.
            }
        }
        throw new IllegalArgumentException(
                written.startsWith("[")
                        ? "write the address without brackets"
                        : "this is not an IP address; one looks like 10.0.0.10 or 2001:db8::10");
    }
}
