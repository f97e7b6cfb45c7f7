package org.ringcert.view.ca;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Text from outside, made fit for messages. Stateless. */
final class Excerpt {

    private static final int MAX_CHARACTERS = 80;
    private static final int MAX_REASON_CHARACTERS = 200;

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_GROUPS = 8;

    private Excerpt() {}

    /** Returns the text in printable ASCII, with a question mark for everything else, and shortened. */
    static String of(String text) {
        return of(text, MAX_CHARACTERS);
    }

    /** Returns a reason that a library or another part of this program gives, which may quote a server. */
    static String ofReason(String reason) {
        return of(reason, MAX_REASON_CHARACTERS);
    }

    private static String of(String text, int max) {
        String start = text.length() > max ? text.substring(0, max) + "..." : text;
        StringBuilder printable = new StringBuilder();
        start.chars().forEach(c -> printable.append(c >= ' ' && c < 0x7f ? (char) c : '?'));
        return printable.toString();
    }

    /** Returns the address as RFC 5952 recommends, without a scope. */
    static String of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == IPV4_BYTES) {
            return address.getHostAddress();
        }
        int[] groups = new int[IPV6_GROUPS];
        for (int i = 0; i < IPV6_GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        int zerosStart = -1;
        int zerosLength = 1;
        for (int i = 0; i < IPV6_GROUPS; i++) {
            int end = i;
            while (end < IPV6_GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > zerosLength) {
                zerosStart = i;
                zerosLength = end - i;
            }
        }
        return zerosStart < 0
                ? join(groups, 0, IPV6_GROUPS)
                : join(groups, 0, zerosStart) + "::" + join(groups, zerosStart + zerosLength, IPV6_GROUPS);
    }

    private static String join(int[] groups, int from, int to) {
        return Arrays.stream(groups, from, to).mapToObj(Integer::toHexString).collect(Collectors.joining(":"));
    }
}
