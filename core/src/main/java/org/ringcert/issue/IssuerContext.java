package org.ringcert.issue;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all issuances from one CA have in common.
 *
 * @param authority the CA
 * @param store where accounts, progress and certificates are kept
 * @param solver makes challenges solvable
 * @param preflight looks at the site before each new order
 * @param peerRedirects whether the CA may be redirected between the nodes; for advice only
 * @param failureBudget how many orders of a site may fail there
 * @param listener receives the events
 */
record IssuerContext(
        CertificateAuthority authority,
        Store store,
        ChallengeSolver solver,
        Preflight preflight,
        PeerRedirects peerRedirects,
        FailureBudget failureBudget,
        InstantSource clock,
        SecureRandom random,
        IssuanceListener listener) {

    private static final Logger log = LoggerFactory.getLogger(IssuerContext.class);

    /** Returns why the unique name of a certificate cannot be ordered, as {@link Preflight} says. */
    Optional<String> uniqueNameProblem(CertificateSpec spec, CertificateSpec.Source source) {
        if (spec.uniqueName().isEmpty()) {
            return Optional.empty();
        }
        try {
            return preflight.uniqueNameProblem(spec, source);
        } catch (RuntimeException e) {
            log.error("{}: a bug in the look at the unique name", spec.name(), e);
            return Optional.of("Nobody knows whether it can be validated, because of a bug in Ringcert: " + e);
        }
    }
}
