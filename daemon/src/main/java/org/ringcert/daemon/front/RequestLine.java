package org.ringcert.daemon.front;

import java.util.BitSet;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of a request (RFC 9112, section 3), its target taken apart but not decoded.
 *
 * @param method case-sensitive
 * @param host the host of an absolute target, in lower case, without its port
 * @param target path and query as they came, beginning with a slash: printable ASCII
 * @param persistent whether its version is HTTP/1.1, so that connections stay open unless somebody says otherwise; else
 *     it is HTTP/1.0
 */
record RequestLine(String method, Optional<String> host, String target, boolean persistent) {

    /** Longer lines are refused (414). */
    static final int LONGEST = 4 * 1024;

    private static final int LONGEST_METHOD = 20;

    private static final BitSet TOKEN = "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~"
            .chars()
            .collect(BitSet::new, BitSet::set, BitSet::or);

    private static final Pattern VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i:http)://([^/?]*)(.*)");

    // No percent-encoding, no user info, no other exotics that RFC 3986 allows: no name or address that leads here
    // needs them.
    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9._-]{1,254})(?::[0-9]{0,5})?");

    static RequestLine parse(String line) throws RefusedException {
        int first = line.indexOf(' ');
        int last = line.lastIndexOf(' ');
        if (first < 0 || first == last) {
            throw new RefusedException(Refusal.BAD_REQUEST);
        }
        String method = line.substring(0, first);
        String target = line.substring(first + 1, last);
        String version = line.substring(last + 1);
        if (first > LONGEST_METHOD
                || !isToken(line, first)
                || !isPrintable(target)
                || !VERSION.matcher(version).matches()) {
            throw new RefusedException(Refusal.BAD_REQUEST);
        }
        boolean persistent = version.equals("HTTP/1.1");
        if (!persistent && !version.equals("HTTP/1.0")) {
            throw new RefusedException(Refusal.VERSION_NOT_SUPPORTED);
        }
        // These speak about the connection or a proxy, and have targets of their own kinds.
        if (method.equals("CONNECT") || method.equals("TRACE") || (method.equals("OPTIONS") && target.equals("*"))) {
            throw new RefusedException(Refusal.METHOD_NOT_ALLOWED);
        }
        if (target.startsWith("/")) {
            return new RequestLine(method, Optional.empty(), target, persistent);
        }
        Matcher absolute = ABSOLUTE.matcher(target);
        if (!absolute.matches()) {
            throw new RefusedException(Refusal.BAD_REQUEST);
        }
        String rest = absolute.group(2);
        return new RequestLine(
                method, Optional.of(hostOf(absolute.group(1))), rest.startsWith("/") ? rest : "/" + rest, persistent);
    }

    /** The host of an authority such as {@code www.example.org:80}, in lower case, without its port. */
    static String hostOf(String authority) throws RefusedException {
        Matcher matcher = AUTHORITY.matcher(authority);
        if (!matcher.matches()) {
            throw new RefusedException(Refusal.BAD_REQUEST);
        }
        return matcher.group(1).toLowerCase(Locale.ROOT);
    }

    /** Whether the text up to there is a token (RFC 9110, section 5.6.2). Each request has a dozen of them. */
    static boolean isToken(String text, int end) {
        for (int i = 0; i < end; i++) {
            if (!TOKEN.get(text.charAt(i))) {
                return false;
            }
        }
        return end > 0;
    }

    // A fragment is never sent; whoever sends one means to be read in two ways.
    private static boolean isPrintable(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return false;
            }
        }
        return !target.isEmpty();
    }
}
