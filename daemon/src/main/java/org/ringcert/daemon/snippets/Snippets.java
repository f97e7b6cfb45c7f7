package org.ringcert.daemon.snippets;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ringcert.challenge.Http01;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;

/**
 * Configuration of a web server of another make for one node: it answers challenges as the daemon does, or by the
 * daemon. The texts are for a person to save; their head says where. All methods are pure.
 */
public final class Snippets {

    /** nginx takes no word of its configuration that is longer, and the list of servers stands in one of them twice. */
    private static final int LONGEST_LIST = 1900;

    /** HAProxy takes 64 words in a line. */
    private static final int MOST_SITES = 25;

    /**
     * What needs care in at least one of the three syntaxes, within double quotes or as a part of a pattern or of a
     * variable.
     */
    private static final Pattern NOT_QUOTABLE = Pattern.compile("[\\p{Cntrl}\"'`\\\\$%*?\\[\\]{}#;<>]");

    private final WebServer server;
    private final ServingMode way;
    private final WebNode node;
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, List<Map<String, String>>> rows = new HashMap<>();

    /**
     * What can be printed for that node.
     *
     * @throws IllegalArgumentException if it cannot be written for that server; the message says why and what would be
     *     right
     */
    public Snippets(WebServer server, ServingMode way, WebNode node) {
        this.server = server;
        this.way = way;
        this.node = node;
        if (way instanceof ServingMode.Files && !server.servesFiles()) {
            throw new IllegalArgumentException("HAProxy serves no files; it needs --mode proxy and a daemon");
        }
        values.put("self", node.cluster().self().name().value());
        values.put("port", String.valueOf(node.port()));
        values.put("https", String.valueOf(node.httpsPort()));
        values.put("listen", allAddresses(node.port()));
        values.put("listen-https", allAddresses(node.httpsPort()));
        values.put("marker", WebServer.MARKER);
        values.put("fragment", server.fragment());
        values.put("modules", way instanceof ServingMode.Files ? "rewrite headers" : "rewrite proxy proxy_http");
        values.put("certificates", quotable(node.certificates()));
        rows.put("listen", present(node.port() != 80));
        rows.put("other-https", present(node.httpsPort() != 443));
        rows.put("ipv6", present(node.ipv6()));
        rows.put("any-host", present(node.redirectOtherHosts()));
        rows.put("host", node.redirectOtherHosts() ? List.of() : hosts(node.names()));
        values.put("challenges", server.template(challenges()).fill(values, rows));
    }

    private String challenges() {
        return switch (way) {
            case ServingMode.Files() -> {
                files();
                yield "files";
            }
            case ServingMode.Proxy(var daemon) -> {
                values.put("daemon", daemon);
                values.put("any-address", daemon.startsWith("[") ? "::" : "0.0.0.0");
                yield "proxy";
            }
        };
    }

    private void files() {
        List<Node> peers = node.cluster().peers();
        String nodes =
                node.nodes().stream().map(Node::name).map(Snippets::pattern).collect(Collectors.joining("|"));
        if (nodes.length() > LONGEST_LIST) {
            throw new IllegalArgumentException(
                    "the names of the servers are too many for the rules of a web server; use" + " --mode proxy");
        }
        values.put("nodes", nodes);
        values.put("self-pattern", pattern(node.cluster().self().name()));
        values.put("predecessor-pattern", pattern(node.cluster().predecessor().name()));
        rows.put(
                "folder",
                node.challenges().stream()
                        .map(folder -> Map.of("folder", quotable(folder)))
                        .toList());
        rows.put(
                "peer",
                peers.stream()
                        .map(peer -> Map.of("peer", peer.authority(), "peer-pattern", pattern(peer.name())))
                        .toList());
        rows.put("round", peers.isEmpty() ? List.of() : List.of(round(peers)));
    }

    private static Map<String, String> round(List<Node> peers) {
        String rest = peers.stream()
                .limit(Http01.MAX_REDIRECTS)
                .skip(1)
                .map(peer -> peer.name().value())
                .collect(Collectors.joining(","));
        return Map.of("first", peers.getFirst().authority(), "rest", rest);
    }

    /**
     * What answers on the node's port for every name that has no virtual host of its own: challenges, and a redirect to
     * https.
     */
    public String server() {
        return server.template("server").fill(values, rows);
    }

    /** What virtual hosts include that are there already: challenges. */
    public String fragment() {
        return server.template("fragment").fill(values, rows);
    }

    /**
     * The https virtual hosts of these sites, at least one.
     *
     * @throws IllegalArgumentException if there are too many for one frontend
     */
    public String https(List<Site> sites) {
        if (server == WebServer.HAPROXY) {
            return https(Map.of("combined", combined(sites)), List.of());
        }
        return sites.stream()
                .map(site -> https(
                        Map.of("site", site.name().value()),
                        site.names().stream()
                                .skip(1)
                                .map(name -> Map.of("alias", name.value()))
                                .toList()))
                .collect(Collectors.joining("\n"));
    }

    private String https(Map<String, String> more, List<Map<String, String>> aliases) {
        Map<String, String> all = new HashMap<>(values);
        all.putAll(more);
        Map<String, List<Map<String, String>>> allRows = new HashMap<>(rows);
        allRows.put("alias", aliases);
        return server.template("https").fill(all, allRows);
    }

    private String combined(List<Site> sites) {
        if (sites.size() > MOST_SITES) {
            throw new IllegalArgumentException("a line of HAProxy has room for " + MOST_SITES
                    + " certificates; list the files in a crt-list of your own: "
                    + node.certificates().resolve("SITE").resolve("combined.pem"));
        }
        return sites.stream()
                .map(site -> "crt \"" + quotable(node.certificates()) + "/" + site + "/combined.pem\"")
                .collect(Collectors.joining(" "));
    }

    private String allAddresses(int port) {
        return node.ipv6() ? "[::]:" + port + " v4v6" : ":" + port;
    }

    private static List<Map<String, String>> present(boolean whether) {
        return whether ? List.of(Map.of()) : List.of();
    }

    private static List<Map<String, String>> hosts(List<HostName> names) {
        return names.stream()
                .map(name -> Map.of("host", name.value(), "host-pattern", pattern(name)))
                .toList();
    }

    private static String pattern(HostName name) {
        return name.value().replace(".", "\\.");
    }

    /** The path as it can stand within double quotes in each of the three. */
    private static String quotable(Path path) {
        if (NOT_QUOTABLE.matcher(path.toString()).find()) {
            throw new IllegalArgumentException(
                    "the path " + path
                            + " has characters that web servers take for their own syntax; use letters, digits, blanks and . _ - + only");
        }
        return path.toString();
    }
}
