package org.ringcert.daemon.snippets;

import java.io.IOException;
import java.util.List;

/** What virtual hosts a web server has, as it says itself. */
@FunctionalInterface
interface Survey {

    /**
     * Reads the server's own configuration.
     *
     * @throws IOException if that is not possible; the message says why, for an administrator
     */
    List<VirtualHost> virtualHosts() throws IOException;
}
