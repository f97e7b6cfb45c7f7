package org.ringcert.issue;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import org.ringcert.acme.Account;
import org.ringcert.acme.AccountDetails;
import org.ringcert.acme.AccountStatus;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CaInformation;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.RollOverResult.Cause;
import org.ringcert.pki.KeyType;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/**
 * What a person does with this node's account at one CA. Every method first ends a roll-over that was cut off, under
 * the account's lock, for which it waits up to ten minutes. Safe for any number of threads and processes.
 *
 * <p>Methods throw an {@link AcmeException} if the CA refuses or cannot be reached, if this node has no account at the
 * CA, or if it has deactivated it.
 */
public final class AccountManager {

    private final CertificateAuthority authority;
    private final Store store;
    private final InstantSource clock;
    private final SecureRandom random;
    private final IssuanceListener listener;
    private final UnfinishedRollOver unfinishedRollOver;

    /**
     * Creates a manager.
     *
     * @param listener receives an {@link AccountEvent.RollOverEnded} if a roll-over had been cut off, unless
     *     {@link #rollOver} returns that
     */
    public AccountManager(
            CertificateAuthority authority,
            Store store,
            InstantSource clock,
            SecureRandom random,
            IssuanceListener listener) {
        this.authority = authority;
        this.store = store;
        this.clock = clock;
        this.random = random;
        this.listener = listener;
        this.unfinishedRollOver = new UnfinishedRollOver(authority, store);
    }

    /** Returns the URL of the CA's directory. */
    public URI directory() {
        return authority.directory();
    }

    /** Returns what the CA's directory says about the CA. */
    public CaInformation information() throws AcmeException {
        return authority.information();
    }

    /** Returns the account as the CA shows it. */
    public AccountDetails details() throws AcmeException, StoreException {
        StoredAccount stored = existing();
        if (stored.nextKey().isPresent()) {
            try (Store.Lock _ = store.accounts().lock(directory())) {
                stored = unfinishedRollOver.settle(existing(), listener);
            }
        }
        return authority.accountDetails(account(stored));
    }

    /**
     * Replaces the contact at the CA, and forgets that the CA has refused one.
     *
     * @param contact an e-mail address; empty to remove the contact
     * @return the account as the CA's reply shows it
     */
    public AccountDetails updateContact(Optional<String> contact) throws AcmeException, StoreException {
        try (Store.Lock _ = store.accounts().lock(directory())) {
            StoredAccount stored = unfinishedRollOver.settle(existing(), listener);
            AccountDetails updated = authority.updateContact(account(stored), contact);
            store.accounts().save(directory(), stored.withoutProblem());
            return updated;
        }
    }

    /**
     * Gives the account a new key. If the process ends in between, the next one that uses the account asks the CA which
     * of the two keys it knows.
     *
     * <p>What a challenge publishes contains the thumbprint of the account's key. So this waits until no order is in
     * progress. Orders that are open go on with the new key: their challenges are published again before they are
     * answered.
     *
     * @param sites the sites whose orders use the account
     * @param whenBusy called with each site that is waited for
     */
    public RollOverResult rollOver(Collection<HostName> sites, Consumer<HostName> whenBusy)
            throws AcmeException, StoreException {
        try (SiteLocks _ = SiteLocks.acquire(store, sites, whenBusy);
                Store.Lock _ = store.accounts().lock(directory())) {
            StoredAccount stored = existing();
            StoredAccount settled;
            try {
                settled = unfinishedRollOver.settle(stored);
            } catch (AcmeException e) {
                return new RollOverResult.Undecided(String.valueOf(e.getMessage()));
            }
            return hasKeyOf(stored, settled) ? rollOver(settled) : changed(settled, Cause.EARLIER_ROLL_OVER);
        }
    }

    private RollOverResult rollOver(StoredAccount stored) throws StoreException {
        try {
            checkLookUp();
        } catch (AcmeException e) {
            return new RollOverResult.Unchanged("No new key was sent, because "
                    + directory().getHost() + " does not say reliably which keys it knows. " + e.getMessage());
        }
        StoredAccount begun = stored.withNextKey(KeyType.EC256.generate(random));
        store.accounts().save(directory(), begun);
        try {
            authority.changeKey(account(stored), begun.nextKey().orElseThrow());
        } catch (AcmeException e) {
            return settle(begun, Cause.ANSWER_LOST, String.valueOf(e.getMessage()));
        }
        return settle(
                begun,
                Cause.CONFIRMED,
                directory().getHost() + " accepted the new key, but knows the account by the old key only");
    }

    /**
     * Checks that the CA can say that it does not know a key, because a roll-over that is cut off depends on that. Asks
     * about a key that is thrown away.
     */
    private void checkLookUp() throws AcmeException {
        if (authority.lookUpAccount(KeyType.EC256.generate(random)).status() == AccountStatus.VALID) {
            throw new AcmeException(
                    AcmeException.Kind.INVALID_RESPONSE,
                    "It returned an account for a key that it cannot know.",
                    Optional.empty(),
                    Optional.empty(),
                    null);
        }
    }

    /**
     * Asks the CA which key it knows. Its answer to the change itself is not enough: it may have come from a proxy.
     *
     * @param reason why the key was not changed, if it was not
     */
    private RollOverResult settle(StoredAccount begun, Cause causeOfChange, String reason) throws StoreException {
        StoredAccount settled;
        try {
            settled = unfinishedRollOver.settle(begun);
        } catch (AcmeException e) {
            String answer = causeOfChange == Cause.CONFIRMED ? "" : reason + (reason.endsWith(".") ? " " : ". ");
            return new RollOverResult.Undecided(answer + e.getMessage());
        }
        return hasKeyOf(begun, settled) ? new RollOverResult.Unchanged(reason) : changed(settled, causeOfChange);
    }

    private static RollOverResult changed(StoredAccount settled, Cause cause) {
        Account account = account(settled);
        return new RollOverResult.Changed(account.url(), account.thumbprint(), cause);
    }

    /**
     * Closes the account for good, and notes that in its file, so that no new account is made. Waits until no order is
     * in progress.
     *
     * @param sites the sites whose orders use the account
     * @param whenBusy called with each site that is waited for
     * @return whether the CA knew the account
     */
    public Deactivation deactivate(Collection<HostName> sites, Consumer<HostName> whenBusy)
            throws AcmeException, StoreException {
        try (SiteLocks _ = SiteLocks.acquire(store, sites, whenBusy);
                Store.Lock _ = store.accounts().lock(directory())) {
            StoredAccount stored = unfinishedRollOver.settle(existing(), listener);
            Deactivation result = deactivate(account(stored));
            store.accounts().save(directory(), stored.deactivatedAt(clock.instant()));
            return result;
        }
    }

    private Deactivation deactivate(Account account) throws AcmeException {
        try {
            authority.deactivate(account);
            return Deactivation.DONE;
        } catch (AcmeException e) {
            return switch (statusAfter(e, account)) {
                case VALID -> throw e;
                case DEACTIVATED -> Deactivation.DONE;
                case UNKNOWN -> Deactivation.UNKNOWN_TO_CA;
            };
        }
    }

    /** Asks the CA for the account's status after a request that failed, perhaps because its answer was lost. */
    private AccountStatus statusAfter(AcmeException failure, Account account) throws AcmeException {
        try {
            return authority.lookUpAccount(account.key()).status();
        } catch (AcmeException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }

    private StoredAccount existing() throws AcmeException, StoreException {
        Optional<StoredAccount> stored = store.accounts()
                .find(directory())
                .filter(account -> account.url().isPresent());
        if (stored.isEmpty()) {
            throw refused("There is no account at " + directory() + " yet. `ringcert renew --prepare` makes one.");
        }
        Optional<Instant> deactivated = stored.get().deactivated();
        if (deactivated.isPresent()) {
            throw refused(DeactivatedAccount.describe(directory().toString(), directory(), deactivated.get(), store));
        }
        return stored.get();
    }

    private static AcmeException refused(String message) {
        return new AcmeException(AcmeException.Kind.REFUSED, message, Optional.empty(), Optional.empty(), null);
    }

    private static Account account(StoredAccount stored) {
        return new Account(stored.url().orElseThrow(), stored.key());
    }

    private static boolean hasKeyOf(StoredAccount account, StoredAccount other) {
        return account.key().getPublic().equals(other.key().getPublic());
    }
}
