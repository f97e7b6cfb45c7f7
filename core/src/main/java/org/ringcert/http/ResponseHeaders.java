package org.ringcert.http;

import java.net.ProtocolException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The headers of a response, as untrusted as the rest of it. Immutable.
 *
 * @param lines name, colon and value as received, without the line ends
 */
public record ResponseHeaders(List<String> lines) {

    private static final Pattern LINE =
            Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+:[^\\x00-\\x08\\x0a-\\x1f\\x7f]*", Pattern.DOTALL);

    public ResponseHeaders {
        lines = List.copyOf(lines);
    }

    /**
     * @throws ProtocolException if a line has no name, a name that is no token (RFC 9110, section 5.6.2), or a control
     *     character in its value. Lines that continue another (RFC 9112, section 5.2) are not accepted either.
     */
    static ResponseHeaders of(List<String> lines) throws ProtocolException {
        for (String line : lines) {
            if (!LINE.matcher(line).matches()) {
                throw new ProtocolException("a header is malformed");
            }
        }
        return new ResponseHeaders(lines);
    }

    /**
     * Returns the value of a header if the response has exactly one of that name.
     *
     * @param name in upper or lower case, which makes no difference (RFC 9110, section 5.1)
     */
    public Optional<String> onlyValue(String name) {
        List<String> values = values(name);
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    /**
     * Returns the values of a header, in the order of the response.
     *
     * @param name in upper or lower case, which makes no difference (RFC 9110, section 5.1)
     */
    public List<String> values(String name) {
        String prefix = name + ":";
        return lines.stream()
                .filter(line -> line.regionMatches(true, 0, prefix, 0, prefix.length()))
                .map(line -> line.substring(prefix.length()).strip())
                .toList();
    }
}
