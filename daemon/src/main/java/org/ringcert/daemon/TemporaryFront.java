package org.ringcert.daemon;

import org.ringcert.daemon.front.Front;
import org.ringcert.store.Store;

/** A front that answers for as long as a command works, where no daemon does. */
public final class TemporaryFront implements AutoCloseable {

    private final Front front;
    private final Store.Lock lock;

    TemporaryFront(Front front, Store.Lock lock) {
        this.front = front;
        this.lock = lock;
    }

    /** The port is free before who waits for it can know. */
    @Override
    public void close() {
        front.close();
        lock.close();
    }
}
