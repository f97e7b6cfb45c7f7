package org.ringcert.cluster;

import java.net.Inet6Address;
import java.net.InetAddress;

/** IP addresses as people write them. Stateless. */
public final class AddressText {

    private static final int GROUPS = 8;

    private AddressText() {}

    /** Returns the address in its canonical form (RFC 5952, section 4), without a scope. */
    public static String of(InetAddress address) {
        return address instanceof Inet6Address ? ipv6(address.getAddress()) : address.getHostAddress();
    }

    /** Returns the address as in a URL: {@code 192.0.2.1}, {@code [2001:db8::1]}. */
    public static String inUrl(InetAddress address) {
        return address instanceof Inet6Address ? "[" + of(address) + "]" : of(address);
    }

    private static String ipv6(byte[] bytes) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        int start = 0;
        int length = 0;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = countZeros(groups, i);
            if (zeros > length) {
                start = i;
                length = zeros;
            }
        }
        // A single group of zeros is not shortened.
        return length < 2
                ? join(groups, 0, GROUPS)
                : join(groups, 0, start) + "::" + join(groups, start + length, GROUPS);
    }

    private static int countZeros(int[] groups, int from) {
        int end = from;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end - from;
    }

    private static String join(int[] groups, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
