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

    /** Long enough for a busy machine where nothing is meant to time out. */
    static final Timeouts LONG = new Timeouts(
            Duration.ofSeconds(20), Duration.ofSeconds(40), Duration.ofSeconds(40), Duration.ofSeconds(40));

    /** For answers that never come. */
    static final Timeouts SHORT = new Timeouts(
            Duration.ofMillis(400), Duration.ofMillis(1500), Duration.ofMillis(600), Duration.ofMillis(600));

    private Clients() {}

    static AcmeClient of(URI directory, Timeouts patience) {
        return of(directory, patience, Sleeper.real());
    }

    static AcmeClient of(URI directory, Timeouts patience, Sleeper pause) {
        return new AcmeClient(
                directory,
                new HttpTransport(Optional.empty(), "ringcert/test", Map.of()),
                patience,
                Clock.systemUTC(),
                pause);
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
