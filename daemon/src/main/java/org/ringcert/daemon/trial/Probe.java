package org.ringcert.daemon.trial;

import java.security.SecureRandom;
import java.util.Base64;
import org.ringcert.challenge.Challenges;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.store.StoreException;

/** A challenge that no CA has asked for, held on this node as real ones are until it is closed, or the process ends. */
public final class Probe implements AutoCloseable {

    private static final int RANDOM_BYTES = 24;
    private static final int THUMBPRINT_BYTES = 32;

    private final Challenges challenges;
    private final KeyAuthorization keyAuthorization;
    private final Thread atTheEnd;

    private Probe(Challenges challenges, KeyAuthorization keyAuthorization) {
        this.challenges = challenges;
        this.keyAuthorization = keyAuthorization;
        this.atTheEnd = new Thread(() -> challenges.withdraw(keyAuthorization.token()));
    }

    /**
     * Publishes one.
     *
     * @throws StoreException if the store takes nothing
     */
    public static Probe publish(Challenges challenges, SecureRandom random) throws StoreException {
        Token token = new Token("ringcert-try-" + text(random, RANDOM_BYTES));
        Probe probe = new Probe(challenges, new KeyAuthorization(token, text(random, THUMBPRINT_BYTES)));
        Runtime.getRuntime().addShutdownHook(probe.atTheEnd);
        challenges.publish(probe.keyAuthorization);
        return probe;
    }

    private static String text(SecureRandom random, int bytes) {
        byte[] some = new byte[bytes];
        random.nextBytes(some);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(some);
    }

    /** What it has to be answered with. */
    public KeyAuthorization keyAuthorization() {
        return keyAuthorization;
    }

    @Override
    public void close() {
        challenges.withdraw(keyAuthorization.token());
        try {
            Runtime.getRuntime().removeShutdownHook(atTheEnd);
        } catch (IllegalStateException e) {
            // the process ends already, and withdraws it as well
        }
    }
}
