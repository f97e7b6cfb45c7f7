package org.ringcert.challenge;

import java.security.SecureRandom;
import java.util.Base64;
import org.ringcert.store.StoreException;

/**
 * A challenge that no CA has requested. This node holds it like a real one until it is closed or the process ends; if
 * the process is killed, for {@link Challenges#TEST_RETENTION}. Token and answer are as long as those of Let's Encrypt:
 * 43 and 87 characters.
 */
public final class TestChallenge implements AutoCloseable {

    private static final String TOKEN_PREFIX = "ringcert-try-";
    private static final int TOKEN_BYTES = 22;
    private static final int THUMBPRINT_BYTES = 32;

    private final Challenges challenges;
    private final KeyAuthorization keyAuthorization;
    private final Thread shutdownHook;

    private TestChallenge(Challenges challenges, KeyAuthorization keyAuthorization) {
        this.challenges = challenges;
        this.keyAuthorization = keyAuthorization;
        this.shutdownHook = new Thread(() -> challenges.withdraw(keyAuthorization.token()));
    }

    /**
     * Publishes a test challenge.
     *
     * @throws StoreException if the store cannot be written
     */
    public static TestChallenge publish(Challenges challenges, SecureRandom random) throws StoreException {
        TestChallenge challenge = new TestChallenge(challenges, unpublished(random));
        Runtime.getRuntime().addShutdownHook(challenge.shutdownHook);
        challenges.publishTest(challenge.keyAuthorization);
        return challenge;
    }

    /** Returns a token and an answer of the same form that no node has. */
    public static KeyAuthorization unpublished(SecureRandom random) {
        Token token = new Token(TOKEN_PREFIX + randomText(random, TOKEN_BYTES));
        return new KeyAuthorization(token, randomText(random, THUMBPRINT_BYTES));
    }

    /**
     * Returns whether a token has the form of a test challenge's. The tokens of CAs are random, so theirs never have
     * it. A stranger may send such tokens, too.
     */
    public static boolean hasFormOf(Token token) {
        return token.value().startsWith(TOKEN_PREFIX);
    }

    private static String randomText(SecureRandom random, int bytes) {
        byte[] buffer = new byte[bytes];
        random.nextBytes(buffer);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer);
    }

    /** Returns the token and the expected answer. */
    public KeyAuthorization keyAuthorization() {
        return keyAuthorization;
    }

    @Override
    public void close() {
        challenges.withdraw(keyAuthorization.token());
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // The process is already exiting; the shutdown hook withdraws the challenge.
        }
    }
}
