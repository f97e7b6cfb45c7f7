package org.ringcert.daemon.snippets;

import java.io.IOException;

/** What a web server has in its configuration already, as it says itself. */
@FunctionalInterface
interface Survey {

    /**
     * Reads the server's own configuration, and says what in it keeps challenges for that node from being answered.
     *
     * @throws IOException if that is not possible; the message says why, for an administrator
     */
    Findings findings(WebNode node) throws IOException;
}
