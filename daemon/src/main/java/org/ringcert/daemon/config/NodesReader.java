package org.ringcert.daemon.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.tomlj.TomlPosition;

/** Reads the {@code [[node]]} tables. */
final class NodesReader {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final List<ListenAddress> listen;
    private final ListenAddress admin;
    private final Map<HostName, TomlPosition> names = new HashMap<>();
    private final Map<Endpoint, TomlPosition> places = new HashMap<>();

    /** @param listen for nodes that say nothing else, as is {@code admin} */
    NodesReader(List<ListenAddress> listen, ListenAddress admin) {
        this.listen = List.copyOf(listen);
        this.admin = admin;
    }

    /** A node, and where the file has its name and its port. */
    record Written(NodeSettings settings, TomlPosition nameAt, TomlPosition portAt) {}

    /** The nodes that have a usable name. */
    List<Written> read(List<TableReader> tables) {
        List<Written> nodes = new ArrayList<>();
        for (TableReader table : tables) {
            read(table).ifPresent(nodes::add);
        }
        return nodes;
    }

    private Optional<Written> read(TableReader table) {
        if (!table.has("name")) {
            table.missing("name", "write the server's public name, such as name = \"web0.example.org\"");
        }
        Optional<Located<HostName>> name = table.string("name", HostNameParser::parse);
        Optional<Located<String>> address = table.string("address", NodesReader::address);
        Optional<Located<Long>> port = port(table);
        Optional<List<ListenAddress>> ownListen = FrontReader.listen(table);
        Optional<Located<ListenAddress>> ownAdmin = table.string("admin", ListenAddress::parse);
        Optional<Located<Endpoint>> https = table.string("https", Endpoint::parse);
        return name.map(named -> {
            String host = address.map(Located::value).orElse(named.value().value());
            int number = port.map(Located::value).map(Long::intValue).orElse(HTTP);
            once(table, named, new Endpoint(host, number));
            NodeSettings settings = new NodeSettings(
                    new Node(named.value(), host, number),
                    ownListen.orElse(listen),
                    ownAdmin.map(Located::value).orElse(admin),
                    https.map(Located::value).orElseGet(() -> new Endpoint(host, HTTPS)));
            return new Written(settings, named.at(), port.map(Located::at).orElse(named.at()));
        });
    }

    private static Optional<Located<Long>> port(TableReader table) {
        Optional<Located<Long>> port = table.integer("port");
        Optional<Located<Long>> possible = port.filter(number -> number.value() >= 1 && number.value() <= 65535);
        if (port.isPresent() && possible.isEmpty()) {
            table.mistakes()
                    .add(port.get().at(), "`port` is " + port.get().value() + "; a port is a number from 1 to 65535");
        }
        return possible;
    }

    private void once(TableReader table, Located<HostName> name, Endpoint place) {
        TomlPosition namedBefore = names.putIfAbsent(name.value(), name.at());
        TomlPosition placedBefore = places.putIfAbsent(place, name.at());
        if (namedBefore != null) {
            table.mistakes()
                    .add(
                            name.at(),
                            "`name`, \"" + name.value() + "\": line "
                                    + table.mistakes().lineOf(namedBefore)
                                    + " has a node of this name already; each server stands once");
        } else if (placedBefore != null) {
            table.mistakes()
                    .add(
                            name.at(),
                            "`name`, \"" + name.value() + "\": the node of line "
                                    + table.mistakes().lineOf(placedBefore) + " is at " + place
                                    + " as well; give each server its own address or port");
        }
    }

    private static String address(String written) {
        if (written.startsWith("[") || (!IpLiteral.looksLikeOne(written) && written.matches("[^:/]+:[0-9]+"))) {
            throw new IllegalArgumentException(
                    "write the address alone, without port or brackets; the port has a key of its own, port = 80");
        }
        return Endpoint.host(written);
    }
}
