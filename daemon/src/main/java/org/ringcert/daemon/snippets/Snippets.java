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
import org.ringcert.store.CertificateName;

/**
 * Prints configuration with which another web server answers challenges on one node, either as the daemon does or
 * through the daemon. An administrator saves the text; the comments at its top say where. All methods are pure
 * functions.
 */
public final class Snippets {

    /** nginx limits the length of a word in its configuration, and one word contains the list of servers twice. */
    private static final int MAX_LIST_LENGTH = 1900;

    /** HAProxy allows 64 words in a line. */
    private static final int MAX_CERTIFICATES_PER_LINE = 25;

    /**
     * Characters with a special meaning in at least one of the three syntaxes: within double quotes, in a pattern or in
     * a variable.
     */
    private static final Pattern SPECIAL_CHARACTERS = Pattern.compile("[\\p{Cntrl}\"'`\\\\$%*?\\[\\]{}#;<>]");

    private final WebServer server;
    private final ServingMode mode;
    private final WebNode node;
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, List<Map<String, String>>> rows = new HashMap<>();

    /**
     * Prepares the texts for a node.
     *
     * @throws IllegalArgumentException if the configuration cannot be expressed for that server; the message says why
     *     and what would work
     */
    public Snippets(WebServer server, ServingMode mode, WebNode node) {
        this.server = server;
        this.mode = mode;
        this.node = node;
        if (mode instanceof ServingMode.FromFiles && !server.servesFiles()) {
            throw new IllegalArgumentException("HAProxy serves no files; it needs --mode proxy and a daemon");
        }
        values.put("self", node.cluster().self().name().value());
        values.put("port", String.valueOf(node.port()));
        values.put("https", String.valueOf(node.httpsPort()));
        values.put("listen", allAddresses(node.port()));
        values.put("listen-https", allAddresses(node.httpsPort()));
        values.put("marker", WebServer.MARKER);
        values.put("fragment", server.fragment());
        values.put("modules", mode instanceof ServingMode.FromFiles ? "rewrite headers" : "rewrite proxy proxy_http");
        values.put("certificates", checkedPath(node.certificates()));
        rows.put("listen", rowIf(node.port() != WebNode.STANDARD_HTTP_PORT));
        rows.put("other-https", rowIf(node.httpsPort() != WebNode.STANDARD_HTTPS_PORT));
        rows.put("ipv6", rowIf(node.ipv6()));
        rows.put("any-host", rowIf(node.redirectOtherHosts()));
        rows.put("host", node.redirectOtherHosts() ? List.of() : hosts(node.names()));
        values.put("challenges", server.template(challenges()).fill(values, rows));
    }

    private String challenges() {
        return switch (mode) {
            case ServingMode.FromFiles() -> {
                files();
                yield "files";
            }
            case ServingMode.ThroughDaemon(var daemon) -> {
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
        if (nodes.length() > MAX_LIST_LENGTH) {
            throw new IllegalArgumentException(
                    "the list of server names is too long for the rules of a web server; use --mode proxy");
        }
        values.put("nodes", nodes);
        values.put("max-nodes", String.valueOf(Http01.MAX_REDIRECTS));
        values.put("max-further-nodes", String.valueOf(Http01.MAX_REDIRECTS - 1));
        values.put("self-pattern", pattern(node.cluster().self().name()));
        values.put("predecessor-pattern", pattern(node.cluster().predecessor().name()));
        rows.put(
                "folder",
                node.challenges().stream()
                        .map(folder -> Map.of("folder", checkedPath(folder)))
                        .toList());
        rows.put(
                "peer",
                peers.stream()
                        .map(peer -> Map.of("peer", peer.authority(), "peer-pattern", pattern(peer.name())))
                        .toList());
        rows.put("round", peers.isEmpty() ? List.of() : List.of(firstRedirect(peers)));
    }

    private static Map<String, String> firstRedirect(List<Node> peers) {
        String remaining = peers.stream()
                .limit(Http01.MAX_REDIRECTS)
                .skip(1)
                .map(peer -> peer.name().value())
                .collect(Collectors.joining(","));
        return Map.of("first", peers.getFirst().authority(), "rest", remaining);
    }

    /**
     * Returns the configuration for the node's port and all names without a virtual host of their own: it answers
     * challenges and redirects everything else to https.
     */
    public String server() {
        return server.template("server").fill(values, rows);
    }

    /** Returns the rules for challenges that existing virtual hosts include. */
    public String fragment() {
        return server.template("fragment").fill(values, rows);
    }

    /**
     * Returns the https virtual hosts of these sites.
     *
     * @param sites at least one
     * @throws IllegalArgumentException if there are too many for one frontend
     */
    public String https(List<HttpsSite> sites) {
        if (server == WebServer.HAPROXY) {
            return https(
                    Map.of("combined", combined(sites)),
                    Map.of("two-kinds", rowIf(sites.stream().anyMatch(HttpsSite::hasTwoKinds))));
        }
        return sites.stream()
                .map(https -> https(
                        Map.of("site", https.site().name().value()),
                        Map.of(
                                "alias",
                                https.site().names().stream()
                                        .skip(1)
                                        .map(name -> Map.of("alias", name.value()))
                                        .toList(),
                                "certificate",
                                https.certificates().stream()
                                        .map(name -> Map.of("certificate", name.toString()))
                                        .toList(),
                                "two-kinds",
                                rowIf(https.hasTwoKinds()))))
                .collect(Collectors.joining("\n"));
    }

    private String https(Map<String, String> additional, Map<String, List<Map<String, String>>> additionalRows) {
        Map<String, String> all = new HashMap<>(values);
        all.putAll(additional);
        Map<String, List<Map<String, String>>> allRows = new HashMap<>(rows);
        allRows.putAll(additionalRows);
        return server.template("https").fill(all, allRows);
    }

    private String combined(List<HttpsSite> sites) {
        List<CertificateName> certificates =
                sites.stream().flatMap(site -> site.certificates().stream()).toList();
        if (certificates.size() > MAX_CERTIFICATES_PER_LINE) {
            boolean twoKinds = sites.stream().anyMatch(HttpsSite::hasTwoKinds);
            throw new IllegalArgumentException("a line of HAProxy's configuration holds at most "
                    + MAX_CERTIFICATES_PER_LINE + " certificates; list the files in a crt-list of your own: "
                    + node.certificates().resolve("SITE").resolve("combined.pem")
                    + (twoKinds ? ", and in a further line the one in SITE+rsa or SITE+ec" : ""));
        }
        return certificates.stream()
                .map(name -> "crt \"" + checkedPath(node.certificates()) + "/" + name + "/combined.pem\"")
                .collect(Collectors.joining(" "));
    }

    private String allAddresses(int port) {
        return node.ipv6() ? "[::]:" + port + " v4v6" : ":" + port;
    }

    private static List<Map<String, String>> rowIf(boolean condition) {
        return condition ? List.of(Map.of()) : List.of();
    }

    private static List<Map<String, String>> hosts(List<HostName> names) {
        return names.stream()
                .map(name -> Map.of("host", name.value(), "host-pattern", pattern(name)))
                .toList();
    }

    private static String pattern(HostName name) {
        return name.value().replace(".", "\\.");
    }

    /** Returns the path, which must not need escaping within double quotes in any of the three syntaxes. */
    private static String checkedPath(Path path) {
        if (SPECIAL_CHARACTERS.matcher(path.toString()).find()) {
            throw new IllegalArgumentException(
                    "the path " + path
                            + " contains characters with a special meaning for web servers; use letters, digits, spaces and . _ - + only");
        }
        return path.toString();
    }
}
