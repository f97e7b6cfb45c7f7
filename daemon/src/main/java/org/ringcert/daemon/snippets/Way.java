package org.ringcert.daemon.snippets;

import java.net.InetSocketAddress;

/** How a web server comes by its answers to challenges. */
public sealed interface Way {

    /** It serves them from the folders, and walks the ring itself. No daemon is needed. */
    record Files() implements Way {}

    /**
     * It asks the daemon on this machine.
     *
     * @param daemon an address of the loopback, which alone the daemon believes
     */
    record Proxy(InetSocketAddress daemon) implements Way {}
}
