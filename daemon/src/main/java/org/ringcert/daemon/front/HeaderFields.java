package org.ringcert.daemon.front;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Collects the header fields that the front needs while a head is parsed. */
final class HeaderFields {

    private static final Pattern CONTENT_LENGTH = Pattern.compile("[0-9]{1,18}");

    private final List<String> hosts = new ArrayList<>(1);
    private final List<String> contentLengths = new ArrayList<>(0);
    private final List<String> transferCodings = new ArrayList<>(0);
    private boolean hasExpect;
    private boolean hasClose;
    private boolean hasKeepAlive;
    private Optional<String> forwardedFor = Optional.empty();
    private String userAgent = "";

    void add(String line) throws RejectedRequestException {
        int colon = line.indexOf(':');
        // This also rejects folded lines and spaces before the colon (RFC 9112, sections 5.1 and 5.2).
        if (colon < 0 || !RequestLine.isToken(line, colon)) {
            throw new RejectedRequestException(HttpError.BAD_REQUEST);
        }
        String value = strip(line.substring(colon + 1));
        switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "host" -> hosts.add(value);
            case "content-length" -> contentLengths.add(value);
            case "transfer-encoding" -> transferCodings.add(value);
            case "expect" -> hasExpect = true;
            case "connection" -> addConnectionOptions(value);
            case "x-forwarded-for" -> forwardedFor = Optional.of(strip(value.substring(value.lastIndexOf(',') + 1)));
            case "user-agent" -> addUserAgent(value);
            default -> {}
        }
    }

    private void addUserAgent(String value) {
        if (userAgent.length() < RequestHead.MAX_USER_AGENT) {
            userAgent = userAgent.isEmpty() ? value : userAgent + ", " + value;
        }
    }

    private void addConnectionOptions(String value) {
        for (String element : value.split(",", -1)) {
            String option = strip(element);
            hasClose |= option.equalsIgnoreCase("close");
            hasKeepAlive |= option.equalsIgnoreCase("keep-alive");
        }
    }

    /** Returns the head that consists of this line and these fields. */
    RequestHead toHead(RequestLine line) throws RejectedRequestException {
        if (isAmbiguous() || !isValid(line)) {
            throw new RejectedRequestException(HttpError.BAD_REQUEST);
        }
        Optional<String> host = hosts.isEmpty() ? Optional.empty() : Optional.of(RequestLine.hostOf(hosts.getFirst()));
        boolean mayHaveBody = hasBody() || hasExpect;
        boolean closesConnection = mayHaveBody || hasClose || (!line.isHttp11() && !hasKeepAlive);
        return new RequestHead(
                line.method(),
                line.host().or(() -> host),
                line.target(),
                closesConnection,
                mayHaveBody,
                line.isHttp11(),
                forwardedFor,
                userAgent.substring(0, Math.min(userAgent.length(), RequestHead.MAX_USER_AGENT)));
    }

    private boolean isAmbiguous() {
        return hosts.size() > 1
                || contentLengths.size() > 1
                || transferCodings.size() > 1
                || (!contentLengths.isEmpty() && !transferCodings.isEmpty());
    }

    private boolean isValid(RequestLine line) {
        // HTTP/1.1 requires a Host, and HTTP/1.0 has no transfer codings (RFC 9112, sections 3.2 and 6.1).
        return (!hosts.isEmpty() || !line.isHttp11())
                && (transferCodings.isEmpty() || line.isHttp11())
                && contentLengths.stream()
                        .allMatch(value -> CONTENT_LENGTH.matcher(value).matches())
                && transferCodings.stream().allMatch(value -> value.equalsIgnoreCase("chunked"));
    }

    private boolean hasBody() {
        return !transferCodings.isEmpty() || contentLengths.stream().anyMatch(value -> Long.parseLong(value) > 0);
    }

    // Only spaces and tabs may surround a value (RFC 9110, section 5.6.3); String.strip would remove more.
    private static String strip(String value) {
        int start = 0;
        int end = value.length();
        while (start < end && isSpaceOrTab(value.charAt(start))) {
            start++;
        }
        while (end > start && isSpaceOrTab(value.charAt(end - 1))) {
            end--;
        }
        return value.substring(start, end);
    }

    private static boolean isSpaceOrTab(char c) {
        return c == ' ' || c == '\t';
    }
}
