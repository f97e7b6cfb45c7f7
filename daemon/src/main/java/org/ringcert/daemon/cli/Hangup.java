package org.ringcert.daemon.cli;

import java.util.concurrent.Semaphore;

/** SIGHUP, heard from the moment that this is made. */
final class Hangup {

    private final Semaphore heard = new Semaphore(0);

    /**
     * Listens.
     *
     * @throws IllegalArgumentException where the system lets nobody listen
     */
    @SuppressWarnings("sunapi")
    Hangup() {
        sun.misc.Signal.handle(new sun.misc.Signal("HUP"), _ -> heard.release());
    }

    /** Waits for the next one; several that came since the last are one. */
    void await() throws InterruptedException {
        heard.acquire();
        heard.drainPermits();
    }
}
