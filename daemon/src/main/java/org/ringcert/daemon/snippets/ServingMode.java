package org.ringcert.daemon.snippets;

/** How a web server answers challenges. */
public sealed interface ServingMode {

    /** Where the daemon usually listens if a web server passes challenges on to it. */
    String USUAL_DAEMON_ADDRESS = "127.0.0.1:8080";

    /** It serves them from the folders and walks the ring itself. No daemon is needed. */
    record FromFiles() implements ServingMode {}

    /**
     * It passes them on to the daemon on this machine.
     *
     * @param daemon address and port, as in a URL; a loopback address, because the daemon trusts no other
     */
    record ThroughDaemon(String daemon) implements ServingMode {}
}
