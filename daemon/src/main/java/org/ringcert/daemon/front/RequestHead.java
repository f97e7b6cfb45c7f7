package org.ringcert.daemon.front;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, as far as the front needs it. Parsing is stricter than RFC 9112: whatever two programs could
 * read in two ways is rejected.
 *
 * @param method case-sensitive
 * @param host the requested host, in lower case, without its port; empty if an HTTP/1.0 request names none
 * @param target path and query as received, beginning with a slash: printable ASCII
 * @param closesConnection whether the connection must be closed after the response, because the client asks for it or
 *     because the end of its request is not looked for
 * @param mayHaveBody whether bytes may follow that belong to this request
 * @param isHttp11 whether the version is HTTP/1.1; otherwise it is HTTP/1.0
 * @param forwardedFor the last entry of X-Forwarded-For, which is the client according to a proxy in front; as
 *     untrustworthy as everything else
 * @param userAgent the first {@value #MAX_USER_AGENT} characters of User-Agent, which may contain tabs and characters
 *     beyond ASCII; empty if it is absent. If there are several, all of them.
 */
record RequestHead(
        String method,
        Optional<String> host,
        String target,
        boolean closesConnection,
        boolean mayHaveBody,
        boolean isHttp11,
        Optional<String> forwardedFor,
        String userAgent) {

    /** More characters of User-Agent are cut off, because requests that wait for an answer share the heap. */
    static final int MAX_USER_AGENT = 512;

    /**
     * Parses a head.
     *
     * @param text lines ended by CR LF, without the empty last line; they contain no control characters except tabs
     */
    static RequestHead parse(String text) throws RejectedRequestException {
        int end = text.indexOf("\r\n");
        RequestLine line = RequestLine.parse(text.substring(0, end));
        HeaderFields fields = new HeaderFields();
        for (int start = end + 2; start < text.length(); start = end + 2) {
            end = text.indexOf("\r\n", start);
            fields.add(text.substring(start, end));
        }
        return fields.toHead(line);
    }

    boolean hasMethodHead() {
        return method.equals("HEAD");
    }

    boolean hasMethodGetOrHead() {
        return method.equals("GET") || hasMethodHead();
    }

    /** Returns the path as received: nothing is decoded, and dot segments are not resolved. */
    String path() {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    /** Returns what follows the first question mark, or null if there is none. */
    @Nullable
    String query() {
        int mark = target.indexOf('?');
        return mark < 0 ? null : target.substring(mark + 1);
    }
}
