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
 * Which hosts are asked without a proxy: {@code NO_PROXY}, a list with commas or blanks. A name stands for itself and
 * for all names in it, with or without a dot or {@code *.} before it; an address for itself, or with a prefix length
 * for a network; {@code *} for all. A port after it restricts it to that port. Immutable.
 */
record NoProxy(List<Entry> entries) {

    private static final int HTTPS = 443;

    static NoProxy parse(String written) {
        return new NoProxy(Stream.of(written.toLowerCase(Locale.ROOT).split("[,\\s]+"))
                .filter(entry -> !entry.isEmpty())
                .map(Entry::parse)
                .toList());
    }

    boolean matches(URI url) {
        String host = withoutDot(url.getHost().toLowerCase(Locale.ROOT));
        int port = url.getPort() < 0 ? HTTPS : url.getPort();
        return entries.stream().anyMatch(entry -> entry.matches(host, port));
    }

    private static String withoutDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static Optional<InetAddress> address(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        try {
            return Optional.of(InetAddress.ofLiteral(bare));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private record Entry(String host, Optional<Integer> prefix, Optional<Integer> port) {

        private static final Pattern NETWORK = Pattern.compile("(.+)/([0-9]{1,3})");
        private static final Pattern WITH_PORT = Pattern.compile("(\\[.+]|[^:]+):([0-9]{1,5})");

        static Entry parse(String written) {
            Matcher withPort = WITH_PORT.matcher(written);
            boolean port = withPort.matches();
            String host = port ? withPort.group(1) : written;
            Matcher network = NETWORK.matcher(host);
            Optional<Integer> prefix =
                    network.matches() ? Optional.of(Integer.valueOf(network.group(2))) : Optional.empty();
            return new Entry(
                    withoutDot(prefix.isPresent() ? network.group(1) : host.replaceFirst("^\\*?\\.", "")),
                    prefix,
                    port ? Optional.of(Integer.valueOf(withPort.group(2))) : Optional.empty());
        }

        boolean matches(String asked, int askedPort) {
            return (port.isEmpty() || port.get() == askedPort) && (host.equals("*") || covers(asked));
        }

        private boolean covers(String asked) {
            Optional<InetAddress> address = address(asked);
            if (address.isEmpty()) {
                return asked.equals(host) || asked.endsWith("." + host);
            }
            return address(host)
                    .filter(network -> inside(network, address.get()))
                    .isPresent();
        }

        private boolean inside(InetAddress network, InetAddress address) {
            byte[] one = network.getAddress();
            byte[] other = address.getAddress();
            int bits = prefix.orElse(one.length * Byte.SIZE);
            if (one.length != other.length || bits > one.length * Byte.SIZE) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> i % Byte.SIZE;
                if (((one[i / Byte.SIZE] ^ other[i / Byte.SIZE]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
