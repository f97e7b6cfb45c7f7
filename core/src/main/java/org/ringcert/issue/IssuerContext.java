package org.ringcert.issue;

import java.security.SecureRandom;
import java.time.InstantSource;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.store.Store;

/**
 * What all issuances from one CA have in common.
 *
 * @param authority the CA
 * @param store where accounts, progress and certificates are kept
 * @param solver makes challenges solvable
 * @param preflight looks at the site before each new order
 * @param peerRedirects whether the CA may be redirected between the nodes; for advice only
 * @param listener receives the events
 */
record IssuerContext(
        CertificateAuthority authority,
        Store store,
        ChallengeSolver solver,
        Preflight preflight,
        PeerRedirects peerRedirects,
        InstantSource clock,
        SecureRandom random,
        IssuanceListener listener) {}
