package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.issue.IssuerFixture;
import org.ringcert.issue.Preflight;
import org.ringcert.pki.KeyType;

/** More sites hang than are renewed at the same time. */
class FullSlotsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private static CertificateSpec spec(String name) {
        return IssuerFixture.spec(new Site(List.of(new HostName(name))), KeyType.EC256, Optional.empty());
    }

    @Test
    void hangingSitesGiveTheirSlotsToOthers() throws Exception {
        IssuerFixture fixture = new IssuerFixture(directory);
        List<CertificateSpec> specs = new ArrayList<>(IntStream.range(0, RenewalPass.MAX_CONCURRENT_SITES)
                .mapToObj(i -> spec("hanging" + i + ".example.org"))
                .toList());
        specs.add(IssuerFixture.SPEC);
        CountDownLatch resume = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(specs.size() - 1);
        fixture.preflight = (spec, _) -> {
            if (!spec.equals(IssuerFixture.SPEC)) {
                hanging.countDown();
                try {
                    resume.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return new Preflight.Result.Postpone("It hung.");
        };
        Renewals renewals = new Renewals(
                fixture.store,
                List.of(fixture.issuer),
                IssuanceListener.NONE,
                CanaryView.NONE,
                OrderTurns.AT_ONCE,
                new Rollout(fixture.store, _ -> Map.of(), _ -> Optional.empty(), fixture.clock),
                new RenewalPass.Limits(Duration.ofMillis(1), Duration.ofMillis(100)),
                fixture.clock,
                new SecureRandom());
        List<RenewalResult> results = new CopyOnWriteArrayList<>();

        Thread pass = Thread.ofVirtual().start(() -> renewals.pass(specs, results::addAll));

        hanging.await();
        await().atMost(TIMEOUT).until(() -> results.size() == 1);
        assertThat(results.getFirst().name()).isEqualTo(IssuerFixture.SPEC.name());
        resume.countDown();
        assertThat(pass.join(TIMEOUT)).isTrue();
        assertThat(results).hasSize(specs.size());
    }
}
