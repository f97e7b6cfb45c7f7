package org.ringcert.acme;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The hosts that are reached without a proxy, as {@code NO_PROXY} lists them, separated by commas or blanks. A name
 * matches itself and its subdomains, with or without a leading dot or {@code *.}. An address matches itself, or a whole
 * network if it has a prefix length. {@code *} matches every host. A port after an entry limits it to that port.
 * Immutable.
 */
record NoProxy(List<Exclusion> exclusions) {

    private static final int HTTPS_PORT = 443;

    static NoProxy parse(String value) {
        return new NoProxy(Stream.of(value.toLowerCase(Locale.ROOT).split("[,\\s]+"))
                .filter(entry -> !entry.isEmpty())
                .map(Exclusion::parse)
                .toList());
    }

    boolean matches(URI url) {
        String host = withoutTrailingDot(url.getHost().toLowerCase(Locale.ROOT));
        int port = url.getPort() < 0 ? HTTPS_PORT : url.getPort();
        return exclusions.stream().anyMatch(exclusion -> exclusion.matches(host, port));
    }

    private static String withoutTrailingDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static Optional<InetAddress> parseAddress(String text) {
        String literal = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        try {
            return Optional.of(InetAddress.ofLiteral(literal));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private record Exclusion(String host, Optional<Integer> prefixLength, Optional<Integer> port) {

        private static final Pattern NETWORK = Pattern.compile("(.+)/([0-9]{1,3})");
        private static final Pattern WITH_PORT = Pattern.compile("(\\[.+]|[^:]+):([0-9]{1,5})");

        static Exclusion parse(String entry) {
            Matcher withPort = WITH_PORT.matcher(entry);
            boolean hasPort = withPort.matches();
            String host = hasPort ? withPort.group(1) : entry;
            Matcher network = NETWORK.matcher(host);
            Optional<Integer> prefixLength =
                    network.matches() ? Optional.of(Integer.valueOf(network.group(2))) : Optional.empty();
            return new Exclusion(
                    withoutTrailingDot(prefixLength.isPresent() ? network.group(1) : host.replaceFirst("^\\*?\\.", "")),
                    prefixLength,
                    hasPort ? Optional.of(Integer.valueOf(withPort.group(2))) : Optional.empty());
        }

        boolean matches(String urlHost, int urlPort) {
            return (port.isEmpty() || port.get() == urlPort) && (host.equals("*") || matchesHost(urlHost));
        }

        private boolean matchesHost(String urlHost) {
            Optional<InetAddress> address = parseAddress(urlHost);
            if (address.isEmpty()) {
                return urlHost.equals(host) || urlHost.endsWith("." + host);
            }
            return parseAddress(host)
                    .filter(network -> isInNetwork(network, address.get()))
                    .isPresent();
        }

        private boolean isInNetwork(InetAddress network, InetAddress address) {
            byte[] networkBytes = network.getAddress();
            byte[] addressBytes = address.getAddress();
            int bits = prefixLength.orElse(networkBytes.length * Byte.SIZE);
            if (networkBytes.length != addressBytes.length || bits > networkBytes.length * Byte.SIZE) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> i % Byte.SIZE;
                if (((networkBytes[i / Byte.SIZE] ^ addressBytes[i / Byte.SIZE]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
