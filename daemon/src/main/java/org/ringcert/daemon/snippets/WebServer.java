package org.ringcert.daemon.snippets;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The web servers for which configuration can be printed. */
public enum WebServer {
    APACHE("apache", "ringcert-challenges.conf", "/etc/apache2/"),
    NGINX("nginx", "snippets/ringcert-challenges.conf", "/etc/nginx/"),
    HAPROXY("haproxy", "", "/etc/haproxy/");

    /** Text that occurs in every piece of configuration that answers challenges. */
    static final String MARKER = "ringcert-challenges";

    private final String label;
    private final String fragment;
    private final String folder;

    WebServer(String label, String fragment, String folder) {
        this.label = label;
        this.fragment = fragment;
        this.folder = folder;
    }

    /** Returns its name on the command line. */
    public String label() {
        return label;
    }

    /** Returns the web server with that name on the command line. */
    public static Optional<WebServer> named(String label) {
        return Arrays.stream(values())
                .filter(server -> server.label.equals(label))
                .findFirst();
    }

    /** Returns the web server whose processes have that name. */
    public static Optional<WebServer> ofProgram(String name) {
        return switch (name) {
            case "apache2", "httpd" -> Optional.of(APACHE);
            case "nginx" -> Optional.of(NGINX);
            case "haproxy" -> Optional.of(HAPROXY);
            default -> Optional.empty();
        };
    }

    /** Returns the web server that is probably meant by an unknown name. */
    public static Optional<WebServer> guess(String written) {
        String lower = written.toLowerCase(Locale.ROOT);
        return named(lower).or(() -> ofProgram(lower));
    }

    /** Returns the directive with which it listens on a port at all addresses. */
    public String listen(int port) {
        return switch (this) {
            case APACHE -> "Listen " + port;
            case NGINX -> "listen " + port + ";";
            case HAPROXY -> "bind :" + port;
        };
    }

    /** Returns what to do if its configuration contains nothing that Ringcert has printed. */
    String installHint() {
        return "the configuration of " + label + " contains nothing printed by `ringcert web " + label
                + "` yet; the comments at the top of that output say where to save it and which commands to run";
    }

    /** Returns the name of its systemd service on Debian. */
    public String service() {
        return this == APACHE ? "apache2" : label;
    }

    /** Returns the path of the fragment that virtual hosts include, relative to {@link #folder}. */
    public String fragment() {
        return fragment;
    }

    /** Returns the folder of its configuration on Debian. */
    public String folder() {
        return folder;
    }

    /** Returns whether it can serve challenges from a folder and walk the ring itself. */
    public boolean servesFiles() {
        return this != HAPROXY;
    }

    Template template(String name) {
        return Template.read(label + "/" + name + ".conf");
    }
}
