package org.ringcert.daemon.migration;

import java.util.List;
import java.util.Optional;

/**
 * How the other program renewed a certificate, as far as Ringcert does it otherwise. Immutable.
 *
 * @param validation what it was validated by where that is not http-01
 * @param hooks what was run after or before a renewal: where that is written, never its text, which may hold a secret
 * @param keepsKey whether the key stayed the same
 * @param mustStaple whether the certificate was ordered with "must staple" (RFC 7633)
 * @param profile the CA's profile that it was ordered by
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
