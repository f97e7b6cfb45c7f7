package org.ringcert.view.ca;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses the Location of a redirect and resolves it against the URL of the request (RFC 3986). Accepts nothing that Go
 * or {@code java.net.URI} might understand differently. Immutable.
 */
final class LocationParser {

    /** RFC 3986, appendix B. */
    private static final Pattern REFERENCE =
            Pattern.compile("(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\\?([^#]*))?(?:#(.*))?");

    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9a-f:.]+]|[^:\\[\\]@%]*)(?::([1-9][0-9]{0,4}))?");
    private static final Pattern BRACKETS = Pattern.compile("[\\[\\]]");
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final String RESERVED_AND_UNRESERVED = "-._~:/?#[]@!$&'()*+,;=%";

    private final UrlSource source;

    private LocationParser(UrlSource source) {
        this.source = source;
    }

    /**
     * The result of parsing.
     *
     * @param hasFragment whether there was a fragment, which is not a part of the target
     */
    record Parsed(Target target, boolean hasFragment) {}

    /** Thrown if a Location is not a URL that all CAs understand. */
    static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1;

        private final transient Problem problem;

        RefusedException(Problem problem) {
            super(problem.what());
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }

    /** Parses an absolute URL with which a walk begins. */
    static Parsed parse(String url) throws RefusedException {
        return new LocationParser(UrlSource.START).parse(Optional.empty(), url);
    }

    /** Parses a Location that may be relative. */
    static Parsed parse(Target base, String location) throws RefusedException {
        return new LocationParser(UrlSource.REDIRECT).parse(Optional.of(base), location);
    }

    private Parsed parse(Optional<Target> base, String location) throws RefusedException {
        refuseCharacters(location);
        Matcher parts = REFERENCE.matcher(location);
        if (!parts.matches()) {
            throw new RefusedException(TargetProblems.notUrl(source, location, "it is not a URL"));
        }
        Target.Scheme scheme = scheme(base, parts.group(1), location);
        String authority = parts.group(2);
        String path = parts.group(3);
        Optional<String> query = Optional.ofNullable(parts.group(4));
        boolean hasFragment = parts.group(5) != null;
        if (authority != null) {
            return new Parsed(
                    atAuthority(scheme, authority.toLowerCase(Locale.ROOT), removeDotSegments(path), query, location),
                    hasFragment);
        }
        if (parts.group(1) != null || base.isEmpty()) {
            throw new RefusedException(TargetProblems.notUrl(source, location, "it has no host"));
        }
        return new Parsed(relative(base.get(), path, query), hasFragment);
    }

    private void refuseCharacters(String location) throws RefusedException {
        for (int i = 0; i < location.length(); i++) {
            char c = location.charAt(i);
            boolean isAllowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || RESERVED_AND_UNRESERVED.indexOf(c) >= 0;
            if (!isAllowed) {
                throw new RefusedException(TargetProblems.notUrl(source, location, "it contains " + describe(c)));
            }
        }
        if (BROKEN_ESCAPE.matcher(location).find()) {
            throw new RefusedException(
                    TargetProblems.notUrl(source, location, "a percent sign is not followed by two hex digits"));
        }
    }

    private static String describe(char c) {
        return switch (c) {
            case ' ' -> "a blank";
            case '\\' -> "a backslash";
            case 0 -> "a NUL character";
            default -> c > ' ' && c < 0x7f ? "the character " + c : "the byte 0x%02x".formatted((int) c);
        };
    }

    private Target.Scheme scheme(Optional<Target> base, String text, String location) throws RefusedException {
        if (text == null) {
            return base.map(Target::scheme)
                    .orElseThrow(
                            () -> new RefusedException(TargetProblems.notUrl(source, location, "it has no scheme")));
        }
        return Target.Scheme.of(text.toLowerCase(Locale.ROOT))
                .orElseThrow(() -> new RefusedException(TargetProblems.otherScheme(source, location, text)));
    }

    private Target atAuthority(
            Target.Scheme scheme, String authority, String path, Optional<String> query, String location)
            throws RefusedException {
        if (authority.contains("@")) {
            throw new RefusedException(TargetProblems.notUrl(source, location, "it contains a user name"));
        }
        if (authority.contains("%")) {
            throw new RefusedException(TargetProblems.invalidHost(source, authority, "it contains a percent sign"));
        }
        Matcher parts = AUTHORITY.matcher(authority);
        if (!parts.matches()) {
            throw new RefusedException(TargetProblems.notUrl(source, location, "its host or its port is malformed"));
        }
        refuseBrackets(path + query.orElse(""), location);
        Optional<Integer> port = Optional.ofNullable(parts.group(2)).map(Integer::valueOf);
        return new Target(scheme, host(parts.group(1)), port, path, query);
    }

    /** Brackets belong to IPv6 addresses alone (RFC 3986, section 3.2.2). */
    private void refuseBrackets(String pathAndQuery, String location) throws RefusedException {
        if (BRACKETS.matcher(pathAndQuery).find()) {
            throw new RefusedException(
                    TargetProblems.notUrl(source, location, "it contains a bracket outside its host"));
        }
    }

    private Target.Host host(String text) throws RefusedException {
        if (text.startsWith("[")) {
            return new Target.Host(text, Optional.of(literal(text, text.substring(1, text.length() - 1))));
        }
        return IPV4.matcher(text).matches()
                ? new Target.Host(text, Optional.of(literal(text, text)))
                : new Target.Host(text, Optional.empty());
    }

    private static final Pattern IPV4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");

    private InetAddress literal(String host, String text) throws RefusedException {
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            if (host.startsWith("[") && address.getAddress().length == 4) {
                throw new RefusedException(
                        TargetProblems.invalidHost(source, host, "it is an IPv4 address in the form of IPv6"));
            }
            return address;
        } catch (IllegalArgumentException e) {
            throw new RefusedException(TargetProblems.invalidHost(source, host, "it is not an IP address"));
        }
    }

    /** RFC 3986, section 5.2.2. */
    private Target relative(Target base, String path, Optional<String> query) throws RefusedException {
        refuseBrackets(path + query.orElse(""), path);
        if (path.isEmpty()) {
            return new Target(base.scheme(), base.host(), base.port(), base.path(), query.or(base::query));
        }
        String merged = path.startsWith("/")
                ? path
                : base.path().substring(0, base.path().lastIndexOf('/') + 1) + path;
        String absolute = merged.startsWith("/") ? merged : "/" + merged;
        return new Target(base.scheme(), base.host(), base.port(), removeDotSegments(absolute), query);
    }

    /** RFC 3986, section 5.2.4, for a path that is empty or begins with a slash. */
    private static String removeDotSegments(String path) {
        StringBuilder output = new StringBuilder();
        String rest = path;
        while (!rest.isEmpty()) {
            int slash = rest.indexOf('/', 1);
            String segment = slash < 0 ? rest : rest.substring(0, slash);
            rest = slash < 0 ? "" : rest.substring(slash);
            boolean isLast = slash < 0;
            switch (segment) {
                case "/." -> output.append(isLast ? "/" : "");
                case "/.." -> {
                    output.setLength(Math.max(0, output.lastIndexOf("/")));
                    output.append(isLast ? "/" : "");
                }
                default -> output.append(segment);
            }
        }
        return output.toString();
    }
}
