package org.ringcert.daemon.snippets.nginx;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Selects the server block for a request as nginx does (ngx_http_find_virtual_server). The socket comes first, a
 * specific address before all addresses; then the name; then the default server of the socket. Immutable.
 */
public final class NginxServerSelection {

    private final Map<NginxSocket, List<ServerBlock>> blocksBySocket = new LinkedHashMap<>();

    /** Creates the selection from server blocks in the order of the configuration. */
    public NginxServerSelection(List<ServerBlock> servers) {
        for (ServerBlock server : servers) {
            for (Listen listen : server.listens()) {
                List<ServerBlock> at = blocksBySocket.computeIfAbsent(listen.socket(), _ -> new ArrayList<>());
                if (!at.contains(server)) {
                    at.add(server);
                }
            }
        }
    }

    /** Returns the sockets at which nginx listens. */
    public List<NginxSocket> sockets() {
        return List.copyOf(blocksBySocket.keySet());
    }

    /** Returns the server blocks that share a socket. */
    public List<ServerBlock> at(NginxSocket socket) {
        return List.copyOf(blocksBySocket.getOrDefault(socket, List.of()));
    }

    /** Returns the {@code listen} directives for a socket. */
    public List<Listen> listens(NginxSocket socket) {
        return at(socket).stream()
                .flatMap(server -> server.listens().stream())
                .filter(listen -> listen.socket().equals(socket))
                .toList();
    }

    /** Returns the server block that has the name; empty if the name goes to the default server. */
    public Optional<ServerBlock> named(NginxSocket socket, String name) {
        record Ranked(ServerBlock server, ServerNames.Rank rank) {}
        // Of two equally good matches nginx uses the first, which is also what min returns.
        return at(socket).stream()
                .flatMap(
                        server -> ServerNames.rank(server.names(), name).map(rank -> new Ranked(server, rank)).stream())
                .min(Comparator.comparing(Ranked::rank))
                .map(Ranked::server);
    }

    /** Returns the server block that is explicitly the default. */
    public Optional<ServerBlock> explicitDefault(NginxSocket socket) {
        return at(socket).stream()
                .filter(server -> server.listens().stream()
                        .anyMatch(listen -> listen.socket().equals(socket) && listen.isDefault()))
                .findFirst();
    }

    /** Returns the server block that receives requests for names that no block has. */
    public Optional<ServerBlock> defaultServer(NginxSocket socket) {
        return explicitDefault(socket).or(() -> at(socket).stream().findFirst());
    }
}
