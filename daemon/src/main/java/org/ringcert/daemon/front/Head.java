package org.ringcert.daemon.front;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, as far as the front wants to know it. Stricter than RFC 9112 asks: what two programs could
 * read in two ways is refused.
 *
 * @param method case-sensitive
 * @param host the host that is asked, in lower case, without its port; nothing where HTTP/1.0 names none
 * @param target path and query as they came, beginning with a slash: printable ASCII
 * @param ends whether the client wants the connection closed after the answer, or leaves the front no choice
 * @param body whether something may follow that belongs to this request
 * @param persistent whether it is HTTP/1.1, else 1.0
 * @param forwardedFor the last entry of X-Forwarded-For: whom a web server in front says to speak for; hostile like all
 *     else
 */
record Head(
        String method,
        Optional<String> host,
        String target,
        boolean ends,
        boolean body,
        boolean persistent,
        Optional<String> forwardedFor) {

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    /**
     * Reads a head.
     *
     * @param text lines ended by CR LF, the empty one not included; in them no control characters but tabs
     */
    static Head parse(String text) throws RefusedException {
        int end = text.indexOf("\r\n");
        RequestLine line = RequestLine.parse(text.substring(0, end));
        Fields fields = new Fields();
        for (int start = end + 2; start < text.length(); start = end + 2) {
            end = text.indexOf("\r\n", start);
            fields.add(text.substring(start, end));
        }
        return fields.head(line);
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    boolean isGetOrHead() {
        return method.equals("GET") || isHead();
    }

    /** The path as it came: nothing decoded, no dots resolved. */
    String path() {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    /** What follows the first question mark; null where there is none. */
    @Nullable
    String query() {
        int mark = target.indexOf('?');
        return mark < 0 ? null : target.substring(mark + 1);
    }

    /** The header fields that matter, while they are read. */
    private static final class Fields {

        private final List<String> hosts = new ArrayList<>(1);
        private final List<String> lengths = new ArrayList<>(0);
        private final List<String> codings = new ArrayList<>(0);
        private boolean expects;
        private boolean close;
        private boolean keepAlive;
        private Optional<String> forwardedFor = Optional.empty();

        void add(String line) throws RefusedException {
            int colon = line.indexOf(':');
            // This refuses folded lines and blanks before the colon, too (RFC 9112, sections 5.1 and 5.2).
            if (colon < 0 || !RequestLine.isToken(line, colon)) {
                throw new RefusedException(Refusal.BAD_REQUEST);
            }
            String value = withoutBlanks(line.substring(colon + 1));
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "host" -> hosts.add(value);
                case "content-length" -> lengths.add(value);
                case "transfer-encoding" -> codings.add(value);
                case "expect" -> expects = true;
                case "connection" -> connection(value);
                case "x-forwarded-for" ->
                    forwardedFor = Optional.of(withoutBlanks(value.substring(value.lastIndexOf(',') + 1)));
                default -> {}
            }
        }

        private void connection(String value) {
            for (String option : value.split(",", -1)) {
                String spec = withoutBlanks(option);
                close |= spec.equalsIgnoreCase("close");
                keepAlive |= spec.equalsIgnoreCase("keep-alive");
            }
        }

        Head head(RequestLine line) throws RefusedException {
            boolean ambiguous = hosts.size() > 1
                    || lengths.size() > 1
                    || codings.size() > 1
                    || (!lengths.isEmpty() && !codings.isEmpty());
            boolean wrong = (hosts.isEmpty() && line.persistent())
                    || (!codings.isEmpty() && !line.persistent())
                    || !lengths.stream().allMatch(value -> LENGTH.matcher(value).matches())
                    || !codings.stream().allMatch(value -> value.equalsIgnoreCase("chunked"));
            if (ambiguous || wrong) {
                throw new RefusedException(Refusal.BAD_REQUEST);
            }
            Optional<String> host =
                    hosts.isEmpty() ? Optional.empty() : Optional.of(RequestLine.hostOf(hosts.getFirst()));
            boolean body = !codings.isEmpty() || lengths.stream().anyMatch(value -> Long.parseLong(value) > 0);
            boolean ends = body || expects || close || (!line.persistent() && !keepAlive);
            return new Head(
                    line.method(),
                    line.host().or(() -> host),
                    line.target(),
                    ends,
                    body || expects,
                    line.persistent(),
                    forwardedFor);
        }

        // Blanks around values are spaces and tabs only (RFC 9110, section 5.6.3); String.strip would take more.
        private static String withoutBlanks(String value) {
            int start = 0;
            int end = value.length();
            while (start < end && isBlank(value.charAt(start))) {
                start++;
            }
            while (end > start && isBlank(value.charAt(end - 1))) {
                end--;
            }
            return value.substring(start, end);
        }

        private static boolean isBlank(char c) {
            return c == ' ' || c == '\t';
        }
    }
}
