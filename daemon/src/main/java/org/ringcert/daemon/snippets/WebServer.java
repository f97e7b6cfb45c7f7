package org.ringcert.daemon.snippets;

/** The web servers that configuration is made for. */
public enum WebServer {
    APACHE("apache", "ringcert-challenges.conf", "/etc/apache2/"),
    NGINX("nginx", "snippets/ringcert-challenges.conf", "/etc/nginx/"),
    HAPROXY("haproxy", "", "/etc/haproxy/");

    /** What stands in every piece of configuration that answers challenges: so it is told which virtual hosts have one. */
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

    /** Where the fragment lies that virtual hosts include, below {@link #folder}. */
    String fragment() {
        return fragment;
    }

    /** Where Debian has its configuration. */
    String folder() {
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
