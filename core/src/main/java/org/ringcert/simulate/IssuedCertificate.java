package org.ringcert.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateFacts;
import org.ringcert.store.Origin;
import org.ringcert.store.Revocation;

/** A certificate of the model CA: what the node knows that has it, and what only the CA knows. */
final class IssuedCertificate implements CertificateFacts {

    /** Later than anything that happens. */
    static final long NEVER = Long.MAX_VALUE;

    private static final long PREDECESSORS_KEPT = Duration.ofDays(14).toMillis();

    private final Origin.IssuedByCa origin;
    private final Optional<KeyType> keyType;
    private final Instant notBefore;
    private final Instant notAfter;
    private final CountedSet set;
    private final int account;
    private final long issuedAt;
    private long revokedAt = NEVER;
    private Optional<Revocation> revocation = Optional.empty();
    private boolean recallNoticed;
    private boolean replaced;
    private @Nullable IssuedCertificate predecessor;

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

    /** That an administrator has revoked it, who tells the node. Where the CA has, the node hears it by polling. */
    @Override
    public Optional<Revocation> revocation() {
        return revocation;
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

    /** Notes that an administrator tells the node that it is revoked. */
    void tellRevocation(Instant now) {
        revocation = Optional.of(new Revocation("unspecified", now, Revocation.State.CONFIRMED));
        recallNoticed = true;
    }

    /** Notes that the node has heard from the CA that it is to be replaced at once. */
    void noticeRecall() {
        recallNoticed = true;
    }

    /** Returns whether the node knows that it is revoked. */
    boolean isRecallNoticed() {
        return recallNoticed;
    }

    /** Returns the time from which visitors refuse it. */
    long badFrom() {
        return Math.min(revokedAt, notAfter.toEpochMilli());
    }

    /** Returns whether it expired before it was revoked. */
    boolean expiresUnrevoked() {
        return notAfter.toEpochMilli() < revokedAt;
    }

    /** Returns the certificate that its node had before, unless that is long ago. */
    @Nullable
    IssuedCertificate predecessor() {
        return predecessor;
    }

    /**
     * Notes which certificate its node had before. Those from long ago are forgotten: no limit counts them any more.
     */
    void follow(@Nullable IssuedCertificate previous) {
        predecessor = previous;
        IssuedCertificate each = this;
        while (each.predecessor != null && issuedAt - each.predecessor.issuedAt < PREDECESSORS_KEPT) {
            each = each.predecessor;
        }
        each.predecessor = null;
    }

    boolean isReplaced() {
        return replaced;
    }

    void replace() {
        replaced = true;
    }
}
