package org.ringcert.acme;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Clients and keys for tests. */
final class Clients {

    /** For tests in which nothing should time out, even on a busy machine. */
    static final Timeouts LONG = new Timeouts(
            Duration.ofSeconds(20),
            Duration.ofSeconds(40),
            Duration.ofSeconds(40),
            Duration.ofSeconds(40),
            Duration.ofSeconds(20));

    /** For tests in which no response arrives. */
    static final Timeouts SHORT = new Timeouts(
            Duration.ofMillis(400),
            Duration.ofMillis(1500),
            Duration.ofMillis(600),
            Duration.ofMillis(600),
            Duration.ofMillis(600));

    private Clients() {}

    static AcmeClient create(URI directory, Timeouts timeouts) {
        return create(directory, timeouts, Sleeper.real());
    }

    static AcmeClient create(URI directory, Timeouts timeouts, Sleeper sleeper) {
        return new AcmeClient(
                directory,
                new HttpTransport(Optional.empty(), "ringcert/test", Map.of()),
                timeouts,
                Clock.systemUTC(),
                sleeper);
    }

    static KeyPair key(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair key() {
        return key("secp256r1");
    }
}
