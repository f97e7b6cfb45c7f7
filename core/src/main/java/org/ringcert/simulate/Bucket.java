package org.ringcert.simulate;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ringcert.plan.Limit;
import org.ringcert.plan.TokenBucket;

/** What the model CA has left of one limit, for one subject. Confined to one thread. */
final class Bucket {

    private @Nullable TokenBucket tokens;

    /** @param limit empty if the CA does not count this */
    Bucket(Optional<Limit> limit) {
        this.tokens = limit.map(TokenBucket::full).orElse(null);
    }

    /** Returns the time until there is a token; 0 if there is one. */
    long waitTime(long now) {
        return tokens == null ? 0 : tokens.earliest(Instant.ofEpochMilli(now)).toEpochMilli() - now;
    }

    /** Takes a token, if there is one. */
    void spend(long now) {
        if (tokens != null) {
            tokens = tokens.spend(Instant.ofEpochMilli(now));
        }
    }
}
