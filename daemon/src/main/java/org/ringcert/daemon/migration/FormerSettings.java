package org.ringcert.daemon.migration;

import java.util.List;
import java.util.Optional;

/**
 * How the other program renewed a certificate, where Ringcert does it differently. Immutable.
 *
 * @param validation how the CA validated the names, unless by http-01; a phrase for a note
 * @param hooks where the commands are written that ran before or after a renewal; never the commands themselves, which
 *     may contain a secret
 * @param keepsKey true if a renewal kept the key
 * @param mustStaple true if the certificate was ordered with "must staple" (RFC 7633)
 * @param profile the CA's profile that it was ordered with
 */
record FormerSettings(
        Optional<String> validation,
        List<String> hooks,
        boolean keepsKey,
        boolean mustStaple,
        Optional<String> profile) {

    FormerSettings {
        hooks = List.copyOf(hooks);
    }
}
