package org.ringcert.daemon.migration;

import java.util.List;

/**
 * What the other program has on this server, as far as it can be used. Immutable.
 *
 * @param notes what is left out because the other program does not renew it either, each a sentence
 */
record Installation(List<FoundCertificate> holdings, List<String> notes) {

    Installation {
        holdings = List.copyOf(holdings);
        notes = List.copyOf(notes);
    }
}
