package org.ringcert.daemon.check;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.ringcert.challenge.Challenges;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.TestChallenge;
import org.ringcert.store.StoreException;

/** Test challenges, published when they are first needed and until this is closed. Used by one thread. */
final class Probes implements AutoCloseable {

    private final Challenges challenges;
    private final SecureRandom random;
    private final List<TestChallenge> published = new ArrayList<>();

    Probes(Challenges challenges, SecureRandom random) {
        this.challenges = challenges;
        this.random = random;
    }

    /** Returns the probe with this index, after publishing it and those before it. */
    KeyAuthorization get(int index) throws StoreException, InterruptedException {
        while (published.size() <= index) {
            published.add(publish());
        }
        return published.get(index).keyAuthorization();
    }

    private TestChallenge publish() throws StoreException, InterruptedException {
        try {
            return TestChallenge.publish(challenges, random);
        } catch (IllegalStateException e) {
            throw new InterruptedException("the process is ending");
        }
    }

    @Override
    public void close() {
        published.forEach(TestChallenge::close);
    }
}
