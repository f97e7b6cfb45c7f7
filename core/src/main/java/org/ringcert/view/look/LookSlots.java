package org.ringcert.view.look;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.ringcert.challenge.Token;

/**
 * Limits how many looks are in progress: {@value #MAX_LOOKS} at a time, and one for each token. A node has such slots
 * for the looks that it makes for others, and the same for those that it asks of one peer. Thread-safe.
 */
public final class LookSlots {

    /** How many looks one node makes for its peers at a time. Versions rely on it, because one more gets no answer. */
    public static final int MAX_LOOKS = 4;

    private final Set<Token> tokens = new HashSet<>();

    /** The right to look, until it is closed. */
    interface Slot extends AutoCloseable {
        @Override
        void close();
    }

    /** Returns a slot for a look with that token; empty if there is none now. */
    synchronized Optional<Slot> tryAcquire(Token token) {
        return isFreeFor(token) ? Optional.of(take(token)) : Optional.empty();
    }

    /** Waits until there is a slot for a look with that token. */
    synchronized Slot acquire(Token token) throws InterruptedException {
        while (!isFreeFor(token)) {
            wait();
        }
        return take(token);
    }

    private boolean isFreeFor(Token token) {
        return tokens.size() < MAX_LOOKS && !tokens.contains(token);
    }

    private Slot take(Token token) {
        tokens.add(token);
        return () -> release(token);
    }

    private synchronized void release(Token token) {
        tokens.remove(token);
        notifyAll();
    }
}
