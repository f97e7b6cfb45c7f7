package org.ringcert.daemon;

import java.util.Optional;
import org.ringcert.daemon.front.Front;
import org.ringcert.daemon.front.FrontListener;
import org.ringcert.daemon.front.ListenException;
import org.ringcert.handoff.HandoffListener;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A front that answers while a command runs, on a node where no daemon does. */
public final class TemporaryFront implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TemporaryFront.class);

    private final Front front;
    private final Store.Lock lock;

    private TemporaryFront(Front front, Store.Lock lock) {
        this.front = front;
        this.lock = lock;
    }

    /** Starts a front for {@link LocalNode#startTemporaryFront}. */
    static Optional<TemporaryFront> start(LocalNode node, HandoffListener listener)
            throws StoreException, InterruptedException {
        Optional<TemporaryFront> front = startUnsettled(node, listener);
        if (front.isPresent()) {
            try {
                // Peers find out by themselves that this node answers. Nothing tells us when they have.
                Thread.sleep(node.settlingTime());
            } catch (InterruptedException e) {
                front.get().close();
                throw e;
            }
        }
        return front;
    }

    private static Optional<TemporaryFront> startUnsettled(LocalNode node, HandoffListener listener)
            throws StoreException {
        Optional<Store.Lock> lock = node.listenAddresses().isEmpty()
                ? Optional.empty()
                : node.store().tryLockListening();
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TemporaryFront(node.startFront(listener, FrontListener.NONE), lock.get()));
        } catch (ListenException e) {
            lock.get().close();
            if (!Front.answersAt(e.address())) {
                log.warn("Ringcert does not answer challenges on this server: {}", e.getMessage());
            }
            return Optional.empty();
        }
    }

    /** Closes the front, then releases the lock, so that a daemon that waits for the lock finds the port free. */
    @Override
    public void close() {
        front.close();
        lock.close();
    }
}
