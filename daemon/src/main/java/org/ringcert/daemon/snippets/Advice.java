package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ringcert.challenge.Token;

/** Tells an administrator what still has to be changed in the web server's own configuration. */
public final class Advice {

    private final WebServer server;
    private final WebNode node;
    private final ConfigurationInspector inspector;

    /** Creates advice about a web server on this machine. Reads nothing yet. */
    public Advice(WebServer server, WebNode node) {
        this(
                server,
                node,
                switch (server) {
                    case APACHE -> ApacheInspector.ofThisMachine();
                    case NGINX -> NginxInspector.ofThisMachine();
                    case HAPROXY -> HaproxyInspector.ofThisMachine();
                });
    }

    Advice(WebServer server, WebNode node, ConfigurationInspector inspector) {
        this.server = server;
        this.node = node;
        this.inspector = inspector;
    }

    /**
     * Inspects the server's own configuration, which takes some seconds at most. Lists each virtual host that has names
     * of the cluster but does not answer challenges yet, with file, line and what to write there, and everything else
     * that keeps challenges from being answered. Every line is a comment in the syntax of all three servers. If the
     * server is not installed or cannot be queried, the only line says so.
     */
    public List<String> lines() {
        InspectionResult result;
        try {
            result = inspector.inspect(node);
        } catch (IOException e) {
            return List.of("# Cannot tell which virtual hosts still need Ringcert's lines: " + e.getMessage() + ".");
        }
        List<String> lines = new ArrayList<>();
        if (!result.unprepared().isEmpty()) {
            lines.addAll(heading());
            result.unprepared().forEach(host -> lines.add("#   " + host));
        }
        if (!result.problems().isEmpty()) {
            lines.add("# The following keeps challenges from being answered, or may do so:");
            result.problems().forEach(problem -> lines.add("#   " + problem));
        }
        if (lines.isEmpty()) {
            lines.add("# No other virtual host of " + server.label() + " needs to be changed.");
        }
        result.notes().forEach(note -> lines.add("# " + note));
        return lines;
    }

    private List<String> heading() {
        String file = server.folder() + server.fragment();
        String save = "# Save the output of `ringcert web " + server.label() + " --fragment` as " + file + ",";
        return switch (server) {
            case APACHE ->
                List.of(
                        "# These virtual hosts have names of the cluster but do not answer challenges yet.",
                        save,
                        "# then write this line directly below each line that is listed:",
                        "#     Include " + file);
            case NGINX ->
                List.of(
                        "# These server blocks receive requests for names of the cluster but do not answer challenges yet.",
                        save,
                        "# then make this the first line of each block, right after the { of the line that is listed:",
                        "#     include " + file + ";");
            case HAPROXY ->
                List.of(
                        "# These frontends do not pass challenges on to Ringcert yet. Write the first line above their first http-request and the second above",
                        "# their first use_backend (see `ringcert web haproxy --fragment`):",
                        "#     http-request allow if { path_beg " + Token.PATH_PREFIX + " }",
                        "#     use_backend " + WebServer.MARKER + " if { path_beg " + Token.PATH_PREFIX + " }");
        };
    }
}
