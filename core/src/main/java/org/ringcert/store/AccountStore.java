package org.ringcert.store;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * The accounts that a node keeps on disk, one for each CA. Part of {@link Store}, with the same promises. A CA is named
 * by the URL of its directory.
 */
public final class AccountStore {

    private final AccountFiles files;
    private final FileLocks locks;
    private final Clock clock;

    AccountStore(AccountFiles files, FileLocks locks, Clock clock) {
        this.files = files;
        this.locks = locks;
        this.clock = clock;
    }

    /** Returns the account at a CA, or empty if there is none. */
    public Optional<StoredAccount> find(URI caDirectory) throws StoreException {
        return files.account(caDirectory);
    }

    /** Returns the file that holds the account at a CA. If the file is moved away, the node has no account there. */
    public Path file(URI caDirectory) {
        return files.file(caDirectory);
    }

    /**
     * Saves the account at a CA. If the store holds an account with another key, that one is kept under another name,
     * unless the key is the next one of its roll-over. The caller holds the account's lock.
     */
    public void save(URI caDirectory, StoredAccount account) throws StoreException {
        files.save(caDirectory, account);
    }

    /** Returns whether this node has an account at a CA, without reading its key. */
    public boolean isRegistered(URI caDirectory) throws StoreException {
        return files.isRegistered(caDirectory);
    }

    /** Returns when this node deactivated its account at a CA, without reading its key; empty if it did not. */
    public Optional<Instant> deactivation(URI caDirectory) throws StoreException {
        return files.deactivated(caDirectory);
    }

    /**
     * Returns whether a roll-over of the account's key is unfinished, or this node has deactivated the account. Reads
     * no key, so it takes far less time than {@link #find}.
     */
    public boolean needsMaintenance(URI caDirectory) throws StoreException {
        return files.needsMaintenance(caDirectory);
    }

    /**
     * Returns the earliest time to repeat a failed registration before an order needs the account; empty if it may be
     * repeated now.
     */
    public Optional<Instant> nextRegistration(URI caDirectory) throws StoreException {
        Instant now = clock.instant();
        return files.nextAttempt(caDirectory)
                .filter(time -> now.isBefore(time) && !time.isAfter(now.plus(Progress.MAX_WAIT)));
    }

    /**
     * Returns what the CA refused about this node's account, in words for the administrator: the registration if
     * {@link #isRegistered} is false, otherwise the contact. Empty if there is no such problem.
     */
    public Optional<String> problem(URI caDirectory) throws StoreException {
        return files.problem(caDirectory);
    }

    /**
     * Acquires the lock for the account at a CA. Does not wait.
     *
     * @return empty if someone else holds the lock
     */
    public Optional<Store.Lock> tryLock(URI caDirectory) throws StoreException {
        return locks.tryLock(files.lockFile(caDirectory));
    }

    /**
     * Acquires the lock for the account at a CA. Waits for it, ten minutes at most.
     *
     * @throws StoreException also if the wait times out or the thread is interrupted
     */
    public Store.Lock lock(URI caDirectory) throws StoreException {
        return locks.lock(files.lockFile(caDirectory));
    }
}
