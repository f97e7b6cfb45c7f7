package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Tells an administrator what is still to be done in the web server's own configuration. */
public final class Advice {

    private final WebServer server;
    private final WebNode node;
    private final Survey survey;

    /** What is to be said about that server on this machine. Nothing is read yet. */
    public Advice(WebServer server, WebNode node) {
        this(
                server,
                node,
                switch (server) {
                    case APACHE -> ApacheSurvey.ofThisMachine();
                    case NGINX -> NginxSurvey.ofThisMachine();
                    case HAPROXY -> HaproxySurvey.ofThisMachine();
                });
    }

    Advice(WebServer server, WebNode node, Survey survey) {
        this.server = server;
        this.node = node;
        this.survey = survey;
    }

    /**
     * Reads the server's own configuration, some seconds at most, and says which of its virtual hosts have names of the
     * cluster and do not answer challenges yet, each with file and line, and what to write there. Every line is a
     * comment in each of the three syntaxes. Where the server is not installed or cannot be asked, that is said.
     */
    public List<String> lines() {
        Findings findings;
        try {
            findings = survey.findings(node);
        } catch (IOException e) {
            return List.of(
                    "# Which virtual hosts need the challenges as well could not be seen: " + e.getMessage() + ".");
        }
        List<String> lines = new ArrayList<>();
        if (!findings.lacking().isEmpty()) {
            lines.addAll(heading());
            findings.lacking().forEach(host -> lines.add("#   " + host));
        }
        if (!findings.remarks().isEmpty()) {
            lines.add("# This keeps challenges from being answered, or may:");
            findings.remarks().forEach(remark -> lines.add("#   " + remark));
        }
        if (lines.isEmpty()) {
            lines.add("# No other virtual host of " + server.label() + " needs to be changed.");
        }
        findings.notes().forEach(note -> lines.add("# " + note));
        return lines;
    }

    private List<String> heading() {
        String file = server.folder() + server.fragment();
        String save = "# once `ringcert web " + server.label() + " --fragment` is saved as " + file + ":";
        return switch (server) {
            case APACHE ->
                List.of(
                        "# These virtual hosts have names of the cluster and do not answer challenges yet. Write this line below the one that is named,",
                        save,
                        "#     Include " + file);
            case NGINX ->
                List.of(
                        "# These server blocks get requests for names of the cluster and do not answer challenges yet. Make this the first line of each,",
                        "# right behind the { of the line that is named,",
                        save,
                        "#     include " + file + ";");
            case HAPROXY ->
                List.of(
                        "# These frontends do not hand challenges over yet. Write the first line before their first http-request, the second before their",
                        "# first use_backend, and see `ringcert web haproxy --fragment`:",
                        "#     http-request allow if { path_beg /.well-known/acme-challenge/ }",
                        "#     use_backend " + WebServer.MARKER + " if { path_beg /.well-known/acme-challenge/ }");
        };
    }
}
