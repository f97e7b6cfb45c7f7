package org.ringcert.daemon.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.tomlj.TomlPosition;

/** Reads where the admin server of a node listens, from {@code [admin]} or from the node's own table. */
final class AdminReader {

    private static final ListenAddress DEFAULT = ListenAddress.parse("127.0.0.1:9402");
    private static final String OFF = "off";

    /**
     * Where the admin server of a node listens.
     *
     * @param address empty if there is none
     * @param at the key that says so; empty for the default
     */
    record AdminAddress(Optional<ListenAddress> address, Optional<TomlPosition> at) {

        /** Returns the first of the front's addresses that leaves no room for this one. */
        Optional<ListenAddress> conflict(List<ListenAddress> front) {
            return address.flatMap(admin ->
                    front.stream().filter(listen -> listen.overlaps(admin)).findFirst());
        }
    }

    private AdminReader() {}

    /** Returns the address of nodes without an {@code admin} key. */
    static AdminAddress defaultAddress(Optional<TableReader> table) {
        return table.flatMap(admin -> read(admin, "listen"))
                .orElseGet(() -> new AdminAddress(Optional.of(DEFAULT), Optional.empty()));
    }

    /** Returns the address of a key. One that strangers may reach is worth a notice. */
    static Optional<AdminAddress> read(TableReader table, String key) {
        Optional<Located<Optional<ListenAddress>>> written = table.string(key, AdminReader::parse);
        written.ifPresent(located -> located.value()
                .filter(address -> !isInside(address.address()))
                .ifPresent(address ->
                        table.notice(located.at(), "`" + key + "`, \"" + address + "\": " + warning(address))));
        return written.map(located -> new AdminAddress(located.value(), Optional.of(located.at())));
    }

    private static Optional<ListenAddress> parse(String written) {
        if (written.equals(OFF)) {
            return Optional.empty();
        }
        if (written.strip().equalsIgnoreCase(OFF)) {
            throw new IllegalArgumentException("did you mean \"off\"?");
        }
        return Optional.of(ListenAddress.parse(written, "127.0.0.1:9402, or \"off\""));
    }

    private static String warning(ListenAddress address) {
        String reach = address.address().isAnyLocalAddress()
                ? "everybody who reaches this server by any of its addresses"
                : "everybody who reaches this address";
        return reach + " can read the page and the metrics there, which have no password. Write \"127.0.0.1:"
                + address.port() + "\" or an inside address of the server, or close port " + address.port()
                + " to others in the firewall";
    }

    /** Loopback, link-local, and the private ranges of RFC 1918 and RFC 4193. */
    private static boolean isInside(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || (address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc);
    }
}
