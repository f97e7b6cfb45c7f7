package org.ringcert.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.ringcert.cluster.HostName;

/** A CA that counts as Boulder does. */
final class ModelCa {

    private final Limits limits;
    private final RegisteredDomains domains;
    private final Random random;
    private final Map<Object, TokenBucket> buckets = new HashMap<>();
    private final Set<NameSet> known = new HashSet<>();

    ModelCa(Limits limits, RegisteredDomains domains, Random random) {
        this.limits = limits;
        this.domains = domains;
        this.random = random;
    }

    private record Key(LimitKind kind, Object subject) {}

    /** Issues a certificate, or returns why it does not. */
    Optional<Refusal> order(HostName account, NameSet set, Instant now) {
        List<Key> keys = new ArrayList<>(List.of(new Key(LimitKind.CERTIFICATES_PER_NAME_SET, set)));
        if (!known.contains(set)) {
            keys.add(new Key(LimitKind.ORDERS_PER_ACCOUNT, account));
            set.names().stream()
                    .map(domains::of)
                    .distinct()
                    .forEach(domain -> keys.add(new Key(LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN, domain)));
        }
        keys.removeIf(key -> limits.find(key.kind()).isEmpty());
        Instant until = keys.stream()
                .map(key -> bucket(key).earliest(now))
                .max(Instant::compareTo)
                .orElse(now);
        if (until.isAfter(now)) {
            Duration wait = Duration.between(now, until);
            Duration jitter = wait.multipliedBy(random.nextInt(1000) * 3L).dividedBy(100_000);
            return Optional.of(new Refusal(now, until.plus(jitter)));
        }
        keys.forEach(key -> buckets.put(key, bucket(key).spend(now)));
        known.add(set);
        return Optional.empty();
    }

    private TokenBucket bucket(Key key) {
        return buckets.computeIfAbsent(
                key, _ -> TokenBucket.full(limits.find(key.kind()).orElseThrow()));
    }
}
