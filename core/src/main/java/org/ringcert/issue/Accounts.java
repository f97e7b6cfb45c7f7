package org.ringcert.issue;

import java.net.URI;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/**
 * The account of this node at one CA: made on first use and kept. The key is kept before the CA hears of it, so that a crash in between leaves no
 * account behind that nobody has the key of. Safe for any number of threads and processes: the first makes the account, the others
 * wait for it.
 */
final class Accounts {

    private final CertificateAuthority authority;
    private final Store store;
    private final Optional<String> contact;
    private final SecureRandom random;
    private final IssuanceListener listener;
    private volatile Optional<Account> remembered = Optional.empty();

    Accounts(
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
        store.keepAccount(directory, new StoredAccount(key, Optional.empty()));
        Account account = authority.register(key, contact);
        store.keepAccount(directory, new StoredAccount(key, Optional.of(account.url())));
        listener.happened(site, new Step.AccountMade(account.url(), gone));
        return account;
    }
}
