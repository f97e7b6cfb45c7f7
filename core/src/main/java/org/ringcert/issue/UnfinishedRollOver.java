package org.ringcert.issue;

import java.security.KeyPair;
import org.ringcert.acme.AccountLookup;
import org.ringcert.acme.AccountStatus;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.issue.AccountEvent.RollOverEnded.AccountKey;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/**
 * Ends a roll-over that was cut off, by a crash or because the CA's answer was lost. The CA decides: it is asked which
 * of the two keys it knows. The caller holds the account's lock.
 */
record UnfinishedRollOver(CertificateAuthority authority, Store store) {

    /**
     * Saves and returns the account with the one key that it has at the CA. Returns it as it is if no roll-over is
     * unfinished.
     *
     * @throws AcmeException if the CA does not say which key it knows; both stay in the store
     */
    StoredAccount settle(StoredAccount account) throws AcmeException, StoreException {
        if (account.nextKey().isEmpty()) {
            return account;
        }
        StoredAccount settled = hasChanged(account) ? account.rolledOver() : account.withoutNextKey();
        store.accounts().save(authority.directory(), settled);
        return settled;
    }

    /**
     * Does the same as {@link #settle(StoredAccount)}, and reports how the roll-over ended if there was one.
     *
     * @param listener receives an {@link AccountEvent.RollOverEnded}
     */
    StoredAccount settle(StoredAccount account, IssuanceListener listener) throws AcmeException, StoreException {
        StoredAccount settled = settle(account);
        if (account.nextKey().isPresent()) {
            boolean hasOldKey = settled.key().getPublic().equals(account.key().getPublic());
            listener.onAccountEvent(
                    authority.directory(), new AccountEvent.RollOverEnded(hasOldKey ? AccountKey.OLD : AccountKey.NEW));
        }
        return settled;
    }

    private boolean hasChanged(StoredAccount account) throws AcmeException {
        AccountLookup next = lookUp(account, account.nextKey().orElseThrow());
        if (next.status() == AccountStatus.UNKNOWN) {
            return false;
        }
        if (next.status() == AccountStatus.VALID && next.url().isPresent()) {
            // A new key can only have another account if the CA makes one for each key that is looked up.
            return next.url().equals(account.url());
        }
        // The CA may refuse the key of a deactivated account in the same way as a key that it does not know.
        return lookUp(account, account.key()).status() == AccountStatus.UNKNOWN;
    }

    private AccountLookup lookUp(StoredAccount account, KeyPair key) throws AcmeException {
        try {
            return authority.lookUpAccount(key);
        } catch (AcmeException e) {
            throw new AcmeException(
                    e.kind(),
                    "It is not known whether " + host() + " has changed the key of " + account
                            + ", because it does not say which of the two keys it knows. Both are kept, and the CA is asked"
                            + " again before the account is used. " + e.getMessage(),
                    e.problem(),
                    e.retryAfter(),
                    e);
        }
    }

    private String host() {
        return authority.directory().getHost();
    }
}
