package org.ringcert.issue;

import java.util.Collections;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.CertificateId;
import org.ringcert.store.Origin;
import org.ringcert.store.StoreException;

/** Which certificate an order replaces in the eyes of the CA (RFC 9773, section 5). */
final class Replacement {

    private Replacement() {}

    /**
     * Returns the current certificate if the new one is its renewal in the eyes of the CA: if the same account ordered
     * it there, and they have a name in common. Such an order is exempt from most limits.
     */
    static Optional<CertificateId> replacedBy(IssuerContext context, CertificateSpec spec, Account account)
            throws AcmeException, StoreException {
        CertificateAuthority authority = context.authority();
        if (!authority.hasRenewalInfo()) {
            return Optional.empty();
        }
        return context.store()
                .current(spec.name())
                .filter(version -> version.origin() instanceof Origin.IssuedByCa issued
                        && issued.directory().equals(authority.directory())
                        && issued.account().equals(Optional.of(account.url())))
                .filter(version ->
                        !Collections.disjoint(version.names(), spec.site().names()))
                .flatMap(version -> CertificateId.of(version.leaf()));
    }

    /** Whether the CA may accept the same order if it does not name the certificate that it replaces. */
    static boolean mayConcern(AcmeException e) {
        return switch (e.kind()) {
            // RFC 9773 defines alreadyReplaced; for other faults of "replaces", Boulder has malformed and unauthorized.
            case ALREADY_REPLACED, REFUSED, NOT_FOUND -> true;
            case ACCOUNT_GONE, RATE_LIMITED, UNREACHABLE, INVALID_RESPONSE, WRONG_CLOCK, UNUSABLE_CERTIFICATE -> false;
        };
    }
}
