package org.ringcert.daemon.migration;

import java.util.List;

/**
 * The usable part of what another program has on this server. Immutable.
 *
 * @param notes what is left out because the other program does not renew it either, one sentence each
 */
record Installation(List<FoundCertificate> certificates, List<String> notes) {

    Installation {
        certificates = List.copyOf(certificates);
        notes = List.copyOf(notes);
    }
}
