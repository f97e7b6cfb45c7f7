package org.ringcert.daemon.snippets;

import java.io.IOException;

/** Inspects the configuration of a web server on this machine. */
@FunctionalInterface
interface ConfigurationInspector {

    /**
     * Reads the server's configuration and returns what keeps challenges for that node from being answered.
     *
     * @throws IOException if the configuration cannot be read; the message says why, for an administrator
     */
    InspectionResult inspect(WebNode node) throws IOException;
}
