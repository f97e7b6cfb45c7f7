package org.ringcert.daemon.front;

import java.util.BitSet;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of a request (RFC 9112, section 3). Its target is split but not decoded.
 *
 * @param method case-sensitive
 * @param host the host of an absolute target, in lower case, without its port
 * @param target path and query as received, beginning with a slash: printable ASCII
 * @param isHttp11 whether the version is HTTP/1.1, so that connections stay open by default; otherwise it is HTTP/1.0
 */
record RequestLine(String method, Optional<String> host, String target, boolean isHttp11) {

    /** Maximum length; longer lines are rejected (414). */
    static final int MAX_LENGTH = 4 * 1024;

    private static final int MAX_METHOD_LENGTH = 20;

    private static final BitSet TOKEN_CHARACTERS =
            "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~"
                    .chars()
                    .collect(BitSet::new, BitSet::set, BitSet::or);

    private static final Pattern VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");
    private static final Pattern ABSOLUTE_TARGET = Pattern.compile("(?i:http)://([^/?]*)(.*)");

    // Without percent-encoding, user info and the rarer forms of RFC 3986: no name or address of this server
    // needs them.
    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9._-]{1,254})(?::[0-9]{0,5})?");

    /** Parses a line without its CR LF. */
    static RequestLine parse(String line) throws RejectedRequestException {
        int firstSpace = line.indexOf(' ');
        int lastSpace = line.lastIndexOf(' ');
        if (firstSpace < 0 || firstSpace == lastSpace) {
            throw new RejectedRequestException(HttpError.BAD_REQUEST);
        }
        String method = line.substring(0, firstSpace);
        String target = line.substring(firstSpace + 1, lastSpace);
        String version = line.substring(lastSpace + 1);
        if (firstSpace > MAX_METHOD_LENGTH
                || !isToken(line, firstSpace)
                || !isPrintable(target)
                || !VERSION.matcher(version).matches()) {
            throw new RejectedRequestException(HttpError.BAD_REQUEST);
        }
        boolean isHttp11 = version.equals("HTTP/1.1");
        if (!isHttp11 && !version.equals("HTTP/1.0")) {
            throw new RejectedRequestException(HttpError.VERSION_NOT_SUPPORTED);
        }
        // These are about the connection or a proxy, and their targets have forms of their own.
        if (method.equals("CONNECT") || method.equals("TRACE") || (method.equals("OPTIONS") && target.equals("*"))) {
            throw new RejectedRequestException(HttpError.METHOD_NOT_ALLOWED);
        }
        if (target.startsWith("/")) {
            return new RequestLine(method, Optional.empty(), target, isHttp11);
        }
        Matcher absolute = ABSOLUTE_TARGET.matcher(target);
        if (!absolute.matches()) {
            throw new RejectedRequestException(HttpError.BAD_REQUEST);
        }
        String rest = absolute.group(2);
        return new RequestLine(
                method, Optional.of(hostOf(absolute.group(1))), rest.startsWith("/") ? rest : "/" + rest, isHttp11);
    }

    /** Returns the host of an authority such as {@code www.example.org:80}, in lower case, without its port. */
    static String hostOf(String authority) throws RejectedRequestException {
        Matcher matcher = AUTHORITY.matcher(authority);
        if (!matcher.matches()) {
            throw new RejectedRequestException(HttpError.BAD_REQUEST);
        }
        return matcher.group(1).toLowerCase(Locale.ROOT);
    }

    /**
     * Returns true if the text before the end index is a token (RFC 9110, section 5.6.2). A request has a dozen of
     * them, so this does not use a regular expression.
     */
    static boolean isToken(String text, int end) {
        for (int i = 0; i < end; i++) {
            if (!TOKEN_CHARACTERS.get(text.charAt(i))) {
                return false;
            }
        }
        return end > 0;
    }

    // Clients never send a fragment; one that does wants two programs to read its request in two ways.
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
