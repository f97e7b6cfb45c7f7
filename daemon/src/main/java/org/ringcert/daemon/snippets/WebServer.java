package org.ringcert.daemon.snippets;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The web servers that configuration is made for. */
public enum WebServer {
    APACHE("apache", "ringcert-challenges.conf", "/etc/apache2/"),
    NGINX("nginx", "snippets/ringcert-challenges.conf", "/etc/nginx/"),
    HAPROXY("haproxy", "", "/etc/haproxy/");

    /**
     * What stands in every piece of configuration that answers challenges: so it is told which virtual hosts have one.
     */
    static final String MARKER = "ringcert-challenges";

    private final String label;
    private final String fragment;
    private final String folder;

    WebServer(String label, String fragment, String folder) {
        this.label = label;
        this.fragment = fragment;
        this.folder = folder;
    }

    /** As the command line calls it. */
    public String label() {
        return label;
    }

    /** The one that the command line calls so. */
    public static Optional<WebServer> named(String label) {
        return Arrays.stream(values())
                .filter(server -> server.label.equals(label))
                .findFirst();
    }

    /** The one whose processes are called so. */
    public static Optional<WebServer> ofProgram(String name) {
        return switch (name) {
            case "apache2", "httpd" -> Optional.of(APACHE);
            case "nginx" -> Optional.of(NGINX);
            case "haproxy" -> Optional.of(HAPROXY);
            default -> Optional.empty();
        };
    }

    /** The one that somebody may have meant, who calls it otherwise. */
    public static Optional<WebServer> meantBy(String written) {
        String lower = written.toLowerCase(Locale.ROOT);
        return named(lower).or(() -> ofProgram(lower));
    }

    /** The line by which it listens on that port, at all addresses. */
    public String listen(int port) {
        return switch (this) {
            case APACHE -> "Listen " + port;
            case NGINX -> "listen " + port + ";";
            case HAPROXY -> "bind :" + port;
        };
    }

    /** What is to be done where nothing of what is printed is in its configuration. */
    String toInstall() {
        return "nothing of what `ringcert web " + label + "` prints is in the configuration of " + label
                + " yet; its head says where to save it and what to type";
    }

    /** What Debian's service manager calls it. */
    public String service() {
        return this == APACHE ? "apache2" : label;
    }

    /** Where the fragment lies that virtual hosts include, below {@link #folder}. */
    public String fragment() {
        return fragment;
    }

    /** Where Debian has its configuration. */
    public String folder() {
        return folder;
    }

    /** Whether it can serve challenges that lie in a folder, and walk the ring itself. */
    public boolean servesFiles() {
        return this != HAPROXY;
    }

    Template template(String name) {
        return Template.read(label + "/" + name + ".conf");
    }
}
