package org.ringcert.daemon.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.tomlj.TomlPosition;

/** Reads the {@code [[node]]} tables. Used once. */
final class NodesReader {

    static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private final List<ListenAddress> defaultListen;
    private final AdminReader.AdminAddress defaultAdmin;
    private final Map<HostName, TomlPosition> namesSoFar = new HashMap<>();
    private final Map<String, TomlPosition> endpointsSoFar = new HashMap<>();

    /** The keys of admin servers whose mistake has been reported; [admin] is for several nodes. */
    private final Set<TomlPosition> conflictsSoFar = new HashSet<>();

    /**
     * Creates a reader.
     *
     * @param defaultListen the listen addresses of nodes without a {@code listen} key
     * @param defaultAdmin where the admin server listens of nodes without an {@code admin} key
     */
    NodesReader(List<ListenAddress> defaultListen, AdminReader.AdminAddress defaultAdmin) {
        this.defaultListen = List.copyOf(defaultListen);
        this.defaultAdmin = defaultAdmin;
    }

    /** Returns the nodes that have a usable name. */
    List<LocatedNode> read(List<TableReader> tables) {
        List<LocatedNode> nodes = new ArrayList<>();
        for (TableReader table : tables) {
            read(table).ifPresent(nodes::add);
        }
        return nodes;
    }

    private Optional<LocatedNode> read(TableReader table) {
        if (!table.has("name")) {
            table.missing("name", "write the server's public name, such as name = \"web0.example.org\"");
        }
        Optional<Located<HostName>> name = table.string("name", HostNameParser::parse);
        Optional<Located<String>> address = table.string("address", NodesReader::address);
        Optional<Located<Long>> port = port(table);
        List<ListenAddress> listen = FrontReader.listen(table).orElse(defaultListen);
        AdminReader.AdminAddress admin = AdminReader.read(table, "admin").orElse(defaultAdmin);
        Optional<Located<Endpoint>> https = table.string("https", Endpoint::parse);
        Optional<Located<String>> group = table.string("group", NodesReader::group);
        return name.map(located -> {
            String host = address.map(Located::value).orElse(located.value().value());
            int portNumber = port.map(Located::value).map(Long::intValue).orElse(HTTP);
            checkUnique(table, located, new Endpoint(host, portNumber));
            checkAdmin(table, located, listen, admin);
            NodeSettings settings = new NodeSettings(
                    new Node(located.value(), host, portNumber),
                    listen,
                    admin.address(),
                    https.map(Located::value).orElseGet(() -> new Endpoint(host, HTTPS)),
                    group.map(Located::value));
            return new LocatedNode(
                    settings,
                    located.at(),
                    port.map(Located::at).orElse(located.at()),
                    table.has("group") ? Optional.of(table.positionOf("group")) : Optional.empty());
        });
    }

    private static Optional<Located<Long>> port(TableReader table) {
        Optional<Located<Long>> port = table.integer("port");
        Optional<Located<Long>> valid = port.filter(number -> number.value() >= 1 && number.value() <= 65535);
        if (port.isPresent() && valid.isEmpty()) {
            table.mistake(port.get().at(), "`port` is " + port.get().value() + "; a port is a number from 1 to 65535");
        }
        return valid;
    }

    private void checkUnique(TableReader table, Located<HostName> name, Endpoint endpoint) {
        TomlPosition sameName = namesSoFar.putIfAbsent(name.value(), name.at());
        TomlPosition sameEndpoint = endpointsSoFar.putIfAbsent(endpoint.toString(), name.at());
        if (sameName != null) {
            table.mistake(
                    name.at(),
                    "`name`, \"" + name.value() + "\": line " + table.lineOf(sameName)
                            + " has a node of this name already; list each server once");
        } else if (sameEndpoint != null) {
            table.mistake(
                    name.at(),
                    "`name`, \"" + name.value() + "\": the node of line " + table.lineOf(sameEndpoint) + " is also at "
                            + endpoint + "; give each server its own address or port");
        }
    }

    private void checkAdmin(
            TableReader table, Located<HostName> name, List<ListenAddress> listen, AdminReader.AdminAddress admin) {
        admin.conflict(listen)
                .filter(_ -> admin.at().map(conflictsSoFar::add).orElse(true))
                .ifPresent(taken -> table.mistake(
                        admin.at().orElse(name.at()),
                        "the admin server of " + name.value() + " would listen on "
                                + admin.address().orElseThrow() + ", but port 80's `listen` has " + taken
                                + "; give the admin server another port, such as 127.0.0.1:9403"));
    }

    private static String group(String written) {
        String label = written.toLowerCase(Locale.ROOT);
        if (!LABEL.matcher(label).matches()) {
            throw new IllegalArgumentException(
                    "this becomes a label of names: write up to 63 letters, digits and hyphens,"
                            + " with no hyphen at an end, such as \"a\"");
        }
        return label;
    }

    private static String address(String written) {
        if (written.startsWith("[") || (!IpLiteral.isMeantAsOne(written) && written.matches("[^:/]+:[0-9]+"))) {
            throw new IllegalArgumentException(
                    "write the address alone, without port or brackets; the port has a key of its own, port = 80");
        }
        return Endpoint.parseHost(written);
    }
}
