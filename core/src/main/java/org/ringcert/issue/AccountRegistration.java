package org.ringcert.issue;

import java.net.URI;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.acme.AccountStatus;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.ProblemDocument;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/**
 * The account of this node at one CA: made on first use and kept. The key is kept before the CA hears of it, so that a
 * crash in between leaves no account behind that nobody has the key of. Safe for any number of threads and processes:
 * the first makes the account, the others wait for it.
 */
final class AccountRegistration {

    private final CertificateAuthority authority;
    private final Store store;
    private final Optional<String> contact;
    private final SecureRandom random;
    private final IssuanceListener listener;
    private volatile Optional<Account> remembered = Optional.empty();

    AccountRegistration(
            CertificateAuthority authority,
            Store store,
            Optional<String> contact,
            SecureRandom random,
            IssuanceListener listener) {
        this.authority = authority;
        this.store = store;
        this.contact = contact;
        this.random = random;
        this.listener = listener;
    }

    /**
     * The account, made now where there is none.
     *
     * @param site who needs it, for the listener
     * @param gone an account that the CA does not know any more; another takes its place, unless one has already
     */
    Account account(Site site, Optional<URI> gone) throws AcmeException, StoreException {
        Optional<Account> known = remembered(gone);
        return known.isPresent() ? known.get() : rememberedOrKept(site, gone);
    }

    /**
     * Whether the CA has lost the account, as far as that refusal and the CA itself say. A CA that has lost it may say
     * so ({@code accountDoesNotExist}), or {@code unauthorized}, {@code malformed}, or be out of order: then it is
     * asked by the account's key.
     *
     * @throws AcmeException if the account is there, but closed; the message says what to do
     */
    boolean isGone(Account account, AcmeException refusal) throws AcmeException {
        if (refusal.kind() == AcmeException.Kind.ACCOUNT_GONE) {
            return true;
        }
        if (refusal.problem().filter(AccountRegistration::mayBeOfTheAccount).isEmpty()) {
            return false;
        }
        AccountStatus status;
        try {
            status = authority.accountStatus(account.key());
        } catch (AcmeException e) {
            refusal.addSuppressed(e);
            return false;
        }
        return switch (status) {
            case VALID -> false;
            case UNKNOWN -> true;
            case DEACTIVATED -> {
                // so that the next try sees whether it has been moved away
                remembered = Optional.empty();
                throw new AcmeException(
                        AcmeException.Kind.REFUSED,
                        "The account " + account.url()
                                + " has been deactivated at the CA, and orders nothing any more. Move "
                                + store.accountFile(authority.directory())
                                + " away; the next try then registers a new account with a new key.",
                        refusal.problem(),
                        refusal.retryAfter(),
                        refusal);
            }
        };
    }

    private static boolean mayBeOfTheAccount(ProblemDocument problem) {
        return problem.hasType("unauthorized")
                || problem.hasType("malformed")
                || problem.hasType("serverInternal")
                || problem.status() == 401
                || problem.status() == 403
                || problem.status() == 500;
    }

    private Optional<Account> remembered(Optional<URI> gone) {
        return remembered.filter(account -> !gone.equals(Optional.of(account.url())));
    }

    /** One reads or makes it for all that wait. */
    private synchronized Account rememberedOrKept(Site site, Optional<URI> gone) throws AcmeException, StoreException {
        Optional<Account> known = remembered(gone);
        Account account = known.isPresent() ? known.get() : kept(site, gone);
        remembered = Optional.of(account);
        return account;
    }

    private Account kept(Site site, Optional<URI> gone) throws AcmeException, StoreException {
        Optional<Account> known = usable(gone);
        if (known.isPresent()) {
            return known.get();
        }
        try (Store.Lock _ = store.lockAccount(authority.directory())) {
            Optional<Account> madeMeanwhile = usable(gone);
            return madeMeanwhile.isPresent() ? madeMeanwhile.get() : make(site, gone);
        }
    }

    private Optional<Account> usable(Optional<URI> gone) throws StoreException {
        return store.account(authority.directory())
                .flatMap(stored -> stored.url().map(url -> new Account(url, stored.key())))
                .filter(account -> !gone.equals(Optional.of(account.url())));
    }

    private Account make(Site site, Optional<URI> gone) throws AcmeException, StoreException {
        URI directory = authority.directory();
        Optional<KeyPair> unregistered = store.account(directory)
                .filter(stored -> stored.url().isEmpty())
                .map(StoredAccount::key);
        KeyPair key = unregistered.orElseGet(() -> KeyType.EC256.generate(random));
        store.saveAccount(directory, new StoredAccount(key, Optional.empty()));
        Account account = authority.register(key, contact);
        store.saveAccount(directory, new StoredAccount(key, Optional.of(account.url())));
        listener.onEvent(site, new IssuanceEvent.AccountCreated(account.url(), gone));
        return account;
    }
}
