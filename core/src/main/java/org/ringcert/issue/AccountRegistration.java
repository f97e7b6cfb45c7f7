package org.ringcert.issue;

import java.net.URI;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.acme.AccountStatus;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.NewAccount;
import org.ringcert.acme.ProblemDocument;
import org.ringcert.acme.Registration;
import org.ringcert.pki.KeyType;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/**
 * This node's account at one CA, registered on first use and kept in the store. The key is saved before it is sent to
 * the CA, so a crash in between leaves no account whose key is lost. Safe for any number of threads and processes: one
 * registers the account while the others wait.
 */
final class AccountRegistration {

    private final CertificateAuthority authority;
    private final Store store;
    private final NewAccount newAccount;
    private final InstantSource clock;
    private final SecureRandom random;
    private final IssuanceListener listener;
    private Optional<FailedAttempt> lastFailure = Optional.empty();

    /**
     * A registration that failed.
     *
     * @param endNanos when, by {@link System#nanoTime}
     */
    private record FailedAttempt(AcmeException cause, long endNanos) {}

    AccountRegistration(IssuerContext context, NewAccount newAccount) {
        this.authority = context.authority();
        this.store = context.store();
        this.newAccount = newAccount;
        this.clock = context.clock();
        this.random = context.random();
        this.listener = context.listener();
    }

    /**
     * Returns the account, registering it first if there is none.
     *
     * <p>The store is read each time, which takes no more than a look at the file's attributes if that has not changed.
     * So a key that another process has changed is used at once.
     *
     * @param lost an account that the CA no longer knows, or no longer by this key, if any. It is replaced, unless that
     *     has already happened or its key has changed.
     * @throws AcmeException also if this node has deactivated the account; the message says what to do
     */
    Account account(Optional<Account> lost) throws AcmeException, StoreException {
        Optional<Account> account = load(lost);
        return account.isPresent() ? account.get() : loadOrRegister(lost, System.nanoTime());
    }

    /** Registers the account if there is none, no one else is doing so, and it is not too early to try again. */
    void registerMissing() throws AcmeException, StoreException {
        URI directory = authority.directory();
        if (store.accounts().isRegistered(directory)
                || store.accounts().nextRegistration(directory).isPresent()) {
            return;
        }
        Optional<Store.Lock> lock = store.accounts().tryLock(directory);
        if (lock.isPresent()) {
            try (Store.Lock _ = lock.get()) {
                if (!store.accounts().isRegistered(directory)) {
                    Account _ = register(Optional.empty());
                }
            }
        }
    }

    /**
     * Ends a roll-over that was cut off, unless someone else has the account's lock, and reports an account that this
     * node has deactivated. Does nothing to other accounts.
     */
    void maintain() throws AcmeException, StoreException {
        URI directory = authority.directory();
        if (!store.accounts().needsMaintenance(directory)) {
            return;
        }
        Optional<StoredAccount> stored = store.accounts().find(directory);
        if (stored.flatMap(StoredAccount::deactivated).isPresent()) {
            listener.onAccountEvent(directory, new AccountEvent.Deactivated(deactivationReason(stored.get())));
        } else if (stored.flatMap(StoredAccount::nextKey).isPresent()) {
            Optional<Store.Lock> lock = store.accounts().tryLock(directory);
            if (lock.isPresent()) {
                try (Store.Lock _ = lock.get()) {
                    settleRollOver();
                }
            }
        }
    }

    /**
     * Returns whether the CA has lost the account. CAs report a lost account as {@code accountDoesNotExist},
     * {@code unauthorized}, {@code malformed} or a server error. Where the refusal is ambiguous, the CA is asked for
     * the account by its key.
     *
     * @throws AcmeException if the account exists but is deactivated; the message says what to do
     */
    boolean isLost(Account account, AcmeException refusal) throws AcmeException {
        if (refusal.kind() == AcmeException.Kind.ACCOUNT_GONE) {
            return true;
        }
        if (refusal.problem().filter(AccountRegistration::mayConcernAccount).isEmpty()) {
            return false;
        }
        AccountStatus status;
        try {
            status = authority.lookUpAccount(account.key()).status();
        } catch (AcmeException e) {
            refusal.addSuppressed(e);
            return false;
        }
        return switch (status) {
            case VALID -> false;
            case UNKNOWN -> true;
            case DEACTIVATED ->
                throw new AcmeException(
                        AcmeException.Kind.REFUSED,
                        "Account " + account.url()
                                + " has been deactivated at the CA and can no longer order certificates. Move "
                                + store.accounts().file(authority.directory())
                                + " away; the next attempt then registers a new account with a new key.",
                        refusal.problem(),
                        refusal.retryAfter(),
                        refusal);
        };
    }

    private static boolean mayConcernAccount(ProblemDocument problem) {
        return problem.hasType("unauthorized")
                || problem.hasType("malformed")
                || problem.hasType("serverInternal")
                || problem.status() == 401
                || problem.status() == 403
                || problem.status() == 500;
    }

    /**
     * Returns the account as it is now, if another process has changed its key since. An order that began with the old
     * key can only fail.
     */
    Optional<Account> withChangedKey(Account account) throws AcmeException, StoreException {
        return load(Optional.empty())
                .filter(current -> current.url().equals(account.url()) && !hasKeyOf(current, account));
    }

    private static boolean isNot(Account account, Optional<Account> lost) {
        return lost.filter(gone -> gone.url().equals(account.url()) && hasKeyOf(gone, account))
                .isEmpty();
    }

    private static boolean hasKeyOf(Account account, Account other) {
        return account.key().getPublic().equals(other.key().getPublic());
    }

    private synchronized Account loadOrRegister(Optional<Account> lost, long startNanos)
            throws AcmeException, StoreException {
        // Another thread may have done it, or failed to, while this one waited.
        Optional<Account> known = load(lost);
        if (known.isPresent()) {
            return known.get();
        }
        Optional<FailedAttempt> sharedFailure = lastFailure.filter(failure -> failure.endNanos() - startNanos > 0);
        if (sharedFailure.isPresent()) {
            throw sharedFailure.get().cause();
        }
        try {
            return loadOrRegisterLocked(lost);
        } catch (AcmeException e) {
            lastFailure = Optional.of(new FailedAttempt(e, System.nanoTime()));
            throw e;
        }
    }

    private Account loadOrRegisterLocked(Optional<Account> lost) throws AcmeException, StoreException {
        try (Store.Lock _ = store.accounts().lock(authority.directory())) {
            settleRollOver();
            // Another process may have registered the account while this one waited.
            Optional<Account> registeredMeanwhile = load(lost);
            return registeredMeanwhile.isPresent() ? registeredMeanwhile.get() : register(lost);
        }
    }

    private void settleRollOver() throws AcmeException, StoreException {
        Optional<StoredAccount> stored = store.accounts().find(authority.directory());
        if (stored.isPresent()) {
            StoredAccount _ = new UnfinishedRollOver(authority, store).settle(stored.get(), listener);
        }
    }

    /** Returns the account in the store if there is one that can be used as it is. */
    private Optional<Account> load(Optional<Account> lost) throws AcmeException, StoreException {
        Optional<StoredAccount> stored = store.accounts().find(authority.directory());
        if (stored.flatMap(StoredAccount::deactivated).isPresent()) {
            throw deactivated(stored.get());
        }
        return stored.filter(account -> account.nextKey().isEmpty())
                .flatMap(account -> account.url().map(url -> new Account(url, account.key())))
                .filter(account -> isNot(account, lost));
    }

    private AcmeException deactivated(StoredAccount stored) {
        return new AcmeException(
                AcmeException.Kind.REFUSED,
                deactivationReason(stored),
                Optional.empty(),
                Optional.of(BackOff.DEACTIVATED_ACCOUNT.delay(1)),
                null);
    }

    private String deactivationReason(StoredAccount stored) {
        URI directory = authority.directory();
        return DeactivatedAccount.describe(
                directory.toString(), directory, stored.deactivated().orElseThrow(), store);
    }

    private Account register(Optional<Account> lost) throws AcmeException, StoreException {
        URI directory = authority.directory();
        // A key without a URL belongs to a registration that was cut off. The CA finds the account by the key.
        Optional<StoredAccount> unregistered =
                store.accounts().find(directory).filter(stored -> stored.url().isEmpty());
        KeyPair key = unregistered.map(StoredAccount::key).orElseGet(() -> KeyType.EC256.generate(random));
        store.accounts()
                .save(
                        directory,
                        new StoredAccount(
                                key,
                                Optional.empty(),
                                unregistered.flatMap(StoredAccount::problem),
                                unregistered.flatMap(StoredAccount::nextAttempt)));
        Registration registration;
        try {
            registration = authority.register(key, newAccount);
        } catch (AcmeException e) {
            String reason = String.valueOf(e.getMessage());
            store.accounts()
                    .save(
                            directory,
                            new StoredAccount(key, Optional.empty(), Optional.of(reason), Optional.of(nextAttempt(e))));
            listener.onAccountEvent(directory, new AccountEvent.RegistrationFailed(reason));
            throw e;
        }
        Account account = registration.account();
        store.accounts()
                .save(
                        directory,
                        new StoredAccount(
                                        key,
                                        Optional.of(account.url()),
                                        registration.contactRefusal(),
                                        Optional.empty())
                                .registeredAt(clock.instant()));
        listener.onAccountEvent(directory, new AccountEvent.Registered(account.url(), lost.map(Account::url)));
        registration
                .contactRefusal()
                .ifPresent(reason -> listener.onAccountEvent(directory, new AccountEvent.ContactRefused(reason)));
        return account;
    }

    private Instant nextAttempt(AcmeException failure) {
        BackOff row = switch (failure.kind()) {
            case UNREACHABLE, INVALID_RESPONSE, RATE_LIMITED -> BackOff.REGISTRATION_DURING_OUTAGE;
            case REFUSED, NOT_FOUND, ACCOUNT_GONE, ALREADY_REPLACED, WRONG_CLOCK, UNUSABLE_CERTIFICATE ->
                BackOff.REFUSED_REGISTRATION;
        };
        return BackOff.next(row.delay(1), failure.retryAfter(), clock.instant());
    }
}
