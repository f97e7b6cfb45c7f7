package org.ringcert.issue;

import java.time.InstantSource;
import java.util.Optional;
import org.ringcert.acme.RevocationReason;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Revocation;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * What the store says about revocations, before and after the CA is asked. A version with a mark is replaced, even if
 * this process dies.
 */
public final class RevocationMarks {

    private static final String COMPROMISED = RevocationReason.KEY_COMPROMISE.label();

    private final Store store;
    private final InstantSource clock;

    public RevocationMarks(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Saves that a version is about to be revoked, and retires its key if that is compromised. The caller holds the
     * site's lock.
     *
     * <p>A compromised key makes a new certificate necessary whatever the CA answers. So this is called for all of its
     * versions before the first request is sent.
     */
    public void request(CertificateVersion version, RevocationReason reason) throws StoreException {
        if (reason == RevocationReason.KEY_COMPROMISE) {
            store.retireKey(
                    version.leaf().getPublicKey(),
                    "the administrator revoked a certificate because this key is compromised");
        }
        if (version.revocation().filter(RevocationMarks::saysMore).isEmpty()) {
            store.saveRevocation(
                    version, Optional.of(new Revocation(reason.label(), clock.instant(), Revocation.State.REQUESTED)));
        }
    }

    /** Whether a new request must not overwrite the mark. */
    private static boolean saysMore(Revocation mark) {
        return mark.state() == Revocation.State.CONFIRMED || mark.reason().equals(COMPROMISED);
    }

    /** Saves that the CA has revoked the version. */
    void confirm(CertificateVersion version, RevocationReason reason) throws StoreException {
        store.saveRevocation(
                version, Optional.of(new Revocation(reason.label(), clock.instant(), Revocation.State.CONFIRMED)));
    }

    /** Restores what was known when the version was read, unless its key is compromised. */
    void takeBack(CertificateVersion version, RevocationReason reason) throws StoreException {
        if (reason != RevocationReason.KEY_COMPROMISE) {
            store.saveRevocation(version, version.revocation());
        }
    }
}
