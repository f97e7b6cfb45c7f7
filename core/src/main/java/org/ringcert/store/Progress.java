package org.ringcert.store;

import java.net.URI;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;

/**
 * What is under way for a site and must survive a crash: {@code orders/SITE.json}, and {@code orders/SITE.key} (0600) while a key waits for its certificate. Immutable.
 *
 * @param order the order under way
 * @param failure the failures since the last success, where there are any
 * @param undeployed what is still to be told to the deploy command, where there is something
 */
public record Progress(Optional<Pending> order, Optional<Failure> failure, Optional<Undeployed> undeployed) {

    /** Nothing under way, nothing failed. */
    public static final Progress NONE = new Progress(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * An order that the CA has taken.
     *
     * @param directory the CA's directory
     * @param account the account's URL
     * @param order the order's URL
     * @param names what was ordered
     * @param profile the profile that was asked for
     * @param keyType the kind of key that the certificate will have
     * @param key the key of the certificate, once made
     */
    public record Pending(
            URI directory,
            URI account,
            URI order,
            List<HostName> names,
            Optional<String> profile,
            KeyType keyType,
            Optional<KeyPair> key,
            Instant since) {

        public Pending {
            names = List.copyOf(names);
        }

        @Override
        public String toString() {
            return "order " + order;
        }
    }

    /**
     * Orders that failed one after the other.
     *
     * @param times how many, at least 1
     * @param last when the last of them failed
     * @param next not before this moment again
     * @param reason what was said of the last, a sentence
     */
    public record Failure(int times, Instant last, Instant next, String reason) {}

    /**
     * A version that is installed and that the deploy command was not yet told of with success.
     *
     * @param failures how often the command failed for it; 0: not tried yet
     * @param next not before this moment
     * @param reason how it failed, with the end of its output; empty: not tried yet
     */
    public record Undeployed(int failures, Instant next, String reason) {}
}
