package org.ringcert.daemon.snippets;

/** How a web server comes by its answers to challenges. */
public sealed interface ServingMode {

    /** It serves them from the folders, and walks the ring itself. No daemon is needed. */
    record Files() implements ServingMode {}

    /**
     * It asks the daemon on this machine.
     *
     * @param daemon address and port, as in a URL; an address of the loopback, which alone the daemon believes
     */
    record Proxy(String daemon) implements ServingMode {}
}
