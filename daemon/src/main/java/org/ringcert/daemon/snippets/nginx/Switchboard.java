package org.ringcert.daemon.snippets.nginx;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which server block nginx gives a request to (ngx_http_find_virtual_server): the socket counts first, an address
 * before all addresses; then the name; then who is the default there. Immutable.
 */
public final class Switchboard {

    private final Map<Listen.Socket, List<ServerBlock>> blocks = new LinkedHashMap<>();

    /** For these blocks, in the order of the configuration. */
    public Switchboard(List<ServerBlock> servers) {
        for (ServerBlock server : servers) {
            for (Listen listen : server.listens()) {
                List<ServerBlock> at = blocks.computeIfAbsent(listen.socket(), _ -> new ArrayList<>());
                if (!at.contains(server)) {
                    at.add(server);
                }
            }
        }
    }

    /** Where it listens. */
    public List<Listen.Socket> sockets() {
        return List.copyOf(blocks.keySet());
    }

    /** The blocks that share that socket. */
    public List<ServerBlock> at(Listen.Socket socket) {
        return List.copyOf(blocks.getOrDefault(socket, List.of()));
    }

    /** What those blocks say of the socket. */
    public List<Listen> listens(Listen.Socket socket) {
        return at(socket).stream()
                .flatMap(server -> server.listens().stream())
                .filter(listen -> listen.socket().equals(socket))
                .toList();
    }

    /** The block that has the name; empty where it goes to the default. */
    public Optional<ServerBlock> named(Listen.Socket socket, String name) {
        record Ranked(ServerBlock server, ServerNames.Rank rank) {}
        // of two that are as good the first counts, and min takes it
        return at(socket).stream()
                .flatMap(
                        server -> ServerNames.rank(server.names(), name).map(rank -> new Ranked(server, rank)).stream())
                .min(Comparator.comparing(Ranked::rank))
                .map(Ranked::server);
    }

    /** The block that is the default because somebody said so. */
    public Optional<ServerBlock> chosenDefault(Listen.Socket socket) {
        return at(socket).stream()
                .filter(server -> server.listens().stream()
                        .anyMatch(listen -> listen.socket().equals(socket) && listen.isDefault()))
                .findFirst();
    }

    /** The block that takes what nobody has a name for. */
    public Optional<ServerBlock> standard(Listen.Socket socket) {
        return chosenDefault(socket).or(() -> at(socket).stream().findFirst());
    }
}
