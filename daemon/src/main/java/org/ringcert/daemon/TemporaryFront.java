package org.ringcert.daemon;

import org.ringcert.daemon.front.Front;
import org.ringcert.store.Store;

/** A front that answers while a command runs, on a node where no daemon does. */
public final class TemporaryFront implements AutoCloseable {

    private final Front front;
    private final Store.Lock lock;

    TemporaryFront(Front front, Store.Lock lock) {
        this.front = front;
        this.lock = lock;
    }

    /** Closes the front, then releases the lock, so that a daemon that waits for the lock finds the port free. */
    @Override
    public void close() {
        front.close();
        lock.close();
    }
}
