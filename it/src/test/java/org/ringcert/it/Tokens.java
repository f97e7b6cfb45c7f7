package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Challenges of another program on a node, which writes them to the challenge directory. */
final class Tokens {

    static final String THUMBPRINT = "0123456789abcdefghijklmnopqrstuvwxyzABCDE-_";

    private Tokens() {}

    /** Returns a new token that no node has. */
    static String unknown() {
        return UUID.randomUUID().toString();
    }

    /** Returns the body of the response to a token. */
    static String answer(String token) {
        return token + "." + THUMBPRINT;
    }

    /** Publishes a token on a node, from another process. */
    static void publish(Testbed testbed, int node, String token) throws IOException, InterruptedException {
        Path file = testbed.cluster().store(node).resolve("challenges").resolve(token);
        Process shell = new ProcessBuilder("/bin/sh", "-c", "printf %s \"$0\" > \"$1\"", answer(token), file.toString())
                .inheritIO()
                .start();
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(shell.exitValue()).isZero();
    }
}
