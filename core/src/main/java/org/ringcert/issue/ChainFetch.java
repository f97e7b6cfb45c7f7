package org.ringcert.issue;

import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.ringcert.acme.Account;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.Order;
import org.ringcert.cluster.HostName;

/**
 * Downloads the chain of one issued certificate by {@link ChainDownload}, and decides what happens to the order if that
 * fails.
 */
record ChainFetch(
        CertificateAuthority authority,
        Account account,
        CertificateSpec spec,
        CertificateSpec.Source source,
        Instant orderedAt) {

    /** How long after its order an unreadable chain is fetched again: about four attempts. */
    private static final Duration CHAIN_RETRY_WINDOW = Duration.ofHours(1);

    /**
     * Returns a checked chain.
     *
     * @param names the names that were ordered
     */
    ChainDownload.Result run(Order order, PublicKey key, List<HostName> names, Instant now)
            throws AcmeException, IssuanceException {
        try {
            return new ChainDownload(authority, account, source.root())
                    .run(order, new ChainDownload.Expected(key, names, now));
        } catch (AcmeException e) {
            if (e.kind() == AcmeException.Kind.UNUSABLE_CERTIFICATE) {
                throw IssuanceException.certificateUnusable(
                        e.getMessage() + ". A new order would give the same result, so none is made for a day."
                                + " Once the CA is fixed, \"ringcert renew --force " + spec.name()
                                + "\" orders at once.");
            }
            if (e.kind() == AcmeException.Kind.INVALID_RESPONSE) {
                throw unreadable(order, e, now);
            }
            throw e;
        }
    }

    /**
     * Decides what to do about a chain that cannot be read. The certificate already counts towards the CA's limits, so
     * its chain is fetched again for a while before another one is ordered.
     */
    private AcmeException unreadable(Order order, AcmeException e, Instant now) throws IssuanceException {
        Instant retryUntil = orderedAt.plus(CHAIN_RETRY_WINDOW);
        if (now.isBefore(retryUntil)) {
            return new AcmeException(
                    e.kind(),
                    e.getMessage() + ". The chain is fetched again; if it still cannot be read after " + retryUntil
                            + ", this order is abandoned and a new one is made.",
                    e.problem(),
                    e.retryAfter(),
                    e);
        }
        throw IssuanceException.orderFailed(
                e.getMessage() + ". Order " + order.url() + " of " + orderedAt
                        + " is abandoned after several attempts; the next pass makes a new one.",
                Fault.CA);
    }
}
