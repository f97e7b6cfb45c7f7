package org.ringcert.simulate;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateFacts;
import org.ringcert.store.Origin;
import org.ringcert.store.Revocation;

/** A certificate of the model CA: what the node knows that has it, and what only the CA knows. */
final class IssuedCertificate implements CertificateFacts {

    /** Later than anything that happens. */
    static final long NEVER = Long.MAX_VALUE;

    private final Origin.IssuedByCa origin;
    private final Optional<KeyType> keyType;
    private final Instant notBefore;
    private final Instant notAfter;
    private final CountedSet set;
    private final int account;
    private final long issuedAt;
    private long revokedAt = NEVER;
    private boolean replaced;

    /**
     * @param set how the CA counts its names
     * @param account the number of the account that ordered it
     * @param issuedAt in milliseconds of the epoch, as all times of this package that are numbers
     */
    IssuedCertificate(
            Origin.IssuedByCa origin,
            Optional<KeyType> keyType,
            Instant notBefore,
            Instant notAfter,
            CountedSet set,
            int account,
            long issuedAt) {
        this.origin = origin;
        this.keyType = keyType;
        this.notBefore = notBefore;
        this.notAfter = notAfter;
        this.set = set;
        this.account = account;
        this.issuedAt = issuedAt;
    }

    @Override
    public Origin origin() {
        return origin;
    }

    /** The CA revokes here, not the node. */
    @Override
    public Optional<Revocation> revocation() {
        return Optional.empty();
    }

    @Override
    public Instant notBefore() {
        return notBefore;
    }

    @Override
    public Instant notAfter() {
        return notAfter;
    }

    @Override
    public List<HostName> orderedNames() {
        return origin.orderedNames();
    }

    @Override
    public Optional<KeyType> keyType() {
        return keyType;
    }

    CountedSet set() {
        return set;
    }

    int account() {
        return account;
    }

    long issuedAt() {
        return issuedAt;
    }

    boolean isRevoked(long now) {
        return revokedAt <= now;
    }

    void revoke(long now) {
        revokedAt = Math.min(revokedAt, now);
    }

    /** Returns the time from which visitors refuse it. */
    long badFrom() {
        return Math.min(revokedAt, notAfter.toEpochMilli());
    }

    /** Returns whether it expired before it was revoked. */
    boolean expiresUnrevoked() {
        return notAfter.toEpochMilli() < revokedAt;
    }

    boolean isReplaced() {
        return replaced;
    }

    void replace() {
        replaced = true;
    }
}
