package org.ringcert.http;

import java.net.ProtocolException;
import java.util.List;
import java.util.Optional;

/**
 * The headers of a response, as untrusted as the rest of it. Immutable.
 *
 * @param lines name, colon and value as received, without the line ends
 */
public record ResponseHeaders(List<String> lines) {

    public ResponseHeaders {
        lines = List.copyOf(lines);
    }

    /** @throws ProtocolException if a line has no name */
    static ResponseHeaders of(List<String> lines) throws ProtocolException {
        if (lines.stream().anyMatch(line -> line.indexOf(':') <= 0)) {
            throw new ProtocolException("a header has no name");
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

    List<String> values(String name) {
        String prefix = name + ":";
        return lines.stream()
                .filter(line -> line.regionMatches(true, 0, prefix, 0, prefix.length()))
                .map(line -> line.substring(prefix.length()).strip())
                .toList();
    }
}
