package org.ringcert.issue;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ringcert.cluster.HostName;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** The locks of several sites. While they are held, no order is in progress. */
final class SiteLocks implements AutoCloseable {

    private final Deque<Store.Lock> locks = new ArrayDeque<>();

    private SiteLocks() {}

    /**
     * Acquires the locks, and waits for each up to ten minutes. Always takes them in the same order, so that two
     * processes do not wait for each other.
     *
     * @param whenBusy called with a site before waiting for its lock
     * @throws StoreException also if a wait times out; no lock is held then
     */
    static SiteLocks acquire(Store store, Collection<HostName> sites, Consumer<HostName> whenBusy)
            throws StoreException {
        SiteLocks acquired = new SiteLocks();
        List<HostName> ordered = sites.stream().distinct().sorted().toList();
        try {
            for (HostName site : ordered) {
                Optional<Store.Lock> lock = store.tryLock(site);
                if (lock.isEmpty()) {
                    whenBusy.accept(site);
                }
                acquired.locks.push(lock.isPresent() ? lock.get() : store.lock(site));
            }
            return acquired;
        } catch (StoreException | RuntimeException e) {
            acquired.close();
            throw e;
        }
    }

    @Override
    public void close() {
        while (!locks.isEmpty()) {
            locks.pop().close();
        }
    }
}
