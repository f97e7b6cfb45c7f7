package org.ringcert.daemon.setup;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.daemon.snippets.WebServer;

/** What answers on port 80 of every server. */
sealed interface Port80 {

    /** The answer for the daemon itself. */
    String DAEMON = "ringcert";

    String PROXY = "proxy";
    String FILES = "files";

    /** Ringcert's own daemon. */
    record DaemonOnPort80() implements Port80 {}

    /** A web server that hands challenges over to the daemon. */
    record ProxyOnPort80(WebServer server) implements Port80 {}

    /** A web server that serves challenges itself, without a daemon. */
    record FilesOnPort80(WebServer server) implements Port80 {}

    /** Returns the web server that uses the port, if one does. */
    default Optional<WebServer> webServer() {
        return switch (this) {
            case DaemonOnPort80() -> Optional.empty();
            case ProxyOnPort80(var server) -> Optional.of(server);
            case FilesOnPort80(var server) -> Optional.of(server);
        };
    }

    /**
     * Parses the two answers about port 80.
     *
     * @throws IllegalArgumentException if they are wrong or do not fit together; the message says what would be right
     */
    static Port80 parse(String program, Optional<String> mode) {
        if (program.equals(DAEMON)) {
            if (mode.isPresent()) {
                throw new IllegalArgumentException(
                        "--mode is for web servers on port 80; leave it out if Ringcert uses the port");
            }
            return new DaemonOnPort80();
        }
        WebServer server = WebServer.named(program)
                .orElseThrow(
                        () -> new IllegalArgumentException("port 80 must be answered by one of these: " + choices()));
        return switch (mode.orElse(PROXY)) {
            case PROXY -> new ProxyOnPort80(server);
            case FILES -> {
                if (!server.servesFiles()) {
                    throw new IllegalArgumentException(
                            "HAProxy does not serve files, so it needs the daemon: choose the mode proxy");
                }
                yield new FilesOnPort80(server);
            }
            default -> throw new IllegalArgumentException("the mode must be proxy or files");
        };
    }

    /** Returns the answers that are possible for the program, separated by commas. */
    static String choices() {
        return Stream.concat(
                        Stream.of(DAEMON), Arrays.stream(WebServer.values()).map(WebServer::label))
                .collect(Collectors.joining(", "));
    }
}
