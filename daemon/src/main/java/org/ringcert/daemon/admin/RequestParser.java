package org.ringcert.daemon.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parses requests, and refuses what no browser, balancer or monitoring program sends. Stateless. */
final class RequestParser {

    private static final int MAX_QUERY_LENGTH = 2_000;
    private static final int MAX_PARAMETERS = 16;
    private static final int MAX_ACCEPT_LENGTH = 1_000;

    /** Site names, node names and the names of files need nothing else, so paths are never decoded. */
    private static final Pattern PATH = Pattern.compile("/([A-Za-z0-9._~+-]+/)*[A-Za-z0-9._~+-]*");

    private static final Pattern DOT_SEGMENT = Pattern.compile("/\\.{1,2}(/|$)");

    private RequestParser() {}

    /** @throws RefusedRequestException if no handler may see the request */
    static AdminRequest parse(HttpExchange exchange) throws RefusedRequestException {
        String protocol = exchange.getProtocol();
        if (!protocol.equals("HTTP/1.1") && !protocol.equals("HTTP/1.0")) {
            throw new RefusedRequestException(505, "only HTTP/1.1 and HTTP/1.0 are answered");
        }
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw new RefusedRequestException(405, "this server is read-only; use GET or HEAD");
        }
        refuseBody(exchange.getRequestHeaders());
        URI target = exchange.getRequestURI();
        return new AdminRequest(
                path(target), query(Optional.ofNullable(target.getRawQuery())), accept(exchange.getRequestHeaders()));
    }

    private static String accept(Headers headers) {
        String accept = String.join(",", headers.getOrDefault("Accept", List.of()));
        return accept.length() > MAX_ACCEPT_LENGTH ? "" : accept;
    }

    private static void refuseBody(Headers headers) throws RefusedRequestException {
        List<String> lengths = headers.getOrDefault("Content-Length", List.of());
        boolean isEmpty = lengths.isEmpty() || lengths.equals(List.of("0"));
        if (!isEmpty || headers.containsKey("Transfer-Encoding")) {
            throw new RefusedRequestException(413, "send no body");
        }
    }

    private static String path(URI target) throws RefusedRequestException {
        if (target.isAbsolute() || target.getRawAuthority() != null || target.getRawFragment() != null) {
            throw new RefusedRequestException(400, "the request target must be a path");
        }
        String path = target.getRawPath();
        if (!PATH.matcher(path).matches() || DOT_SEGMENT.matcher(path).find()) {
            throw new RefusedRequestException(
                    400, "the path has characters or segments that no path of this server has");
        }
        return path;
    }

    private static Map<String, String> query(Optional<String> written) throws RefusedRequestException {
        Map<String, String> parameters = new HashMap<>();
        if (written.isEmpty() || written.get().isEmpty()) {
            return parameters;
        }
        if (written.get().length() > MAX_QUERY_LENGTH) {
            throw new RefusedRequestException(414, "the query is too long");
        }
        String[] parts = written.get().split("&", -1);
        if (parts.length > MAX_PARAMETERS) {
            throw new RefusedRequestException(400, "the query has too many parameters");
        }
        for (String part : parts) {
            int equals = part.indexOf('=');
            String name = decode(equals < 0 ? part : part.substring(0, equals));
            String value = equals < 0 ? "" : decode(part.substring(equals + 1));
            if (parameters.putIfAbsent(name, value) != null) {
                throw new RefusedRequestException(400, "a parameter of the query occurs twice");
            }
        }
        return parameters;
    }

    private static String decode(String written) throws RefusedRequestException {
        try {
            // The JDK's decoder replaces malformed UTF-8, so bytes are decoded first, then checked.
            byte[] bytes =
                    URLDecoder.decode(written, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (decoded.chars().noneMatch(Character::isISOControl)) {
                return decoded;
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            // The message below says what is wrong.
        }
        throw new RefusedRequestException(400, "the query is not percent-encoded UTF-8 without control characters");
    }
}
