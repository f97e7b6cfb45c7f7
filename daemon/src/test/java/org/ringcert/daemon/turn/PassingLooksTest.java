package org.ringcert.daemon.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.issue.ManualClock;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.TestAuthority;
import org.ringcert.view.visitor.TlsObservation;
import org.ringcert.view.visitor.VisitorTarget;

class PassingLooksTest {

    private static final HostName WWW = new HostName("www.example.org");
    private static final HostName UNIQUE = new HostName("web1.www.example.org");
    private static final VisitorTarget TARGET = new VisitorTarget(
            new Site(List.of(WWW)), Optional.empty(), new HostName("web1.example.org"), "web1.example.org", 443);

    private final ManualClock clock = new ManualClock();
    private final KeyPair key = KeyType.EC256.generate(new SecureRandom());
    private final PassingLooks looks = new PassingLooks(clock);

    private void see(String issuer, int daysOld, List<HostName> names) {
        Instant notBefore = clock.instant().minus(Duration.ofDays(daysOld));
        looks.add(
                TARGET,
                new TlsObservation.Served(
                        List.of(TestAuthority.root(issuer, clock.instant())
                                .leaf(key.getPublic(), names, notBefore, notBefore.plus(Duration.ofDays(90)))),
                        Optional.empty()));
    }

    @Test
    void keepsWhatMayCountWithAndWithoutAUniqueName() {
        see("Example CA", 3, List.of(WWW));
        see("Example CA", 2, List.of(WWW, UNIQUE));

        assertThat(looks.of(TARGET)).extracting(leaf -> leaf.names().size()).containsExactly(1, 2);
    }

    /** A peer may present anything. */
    @Test
    void keepsNothingThatCannotCount() {
        see("Example CA", 1, List.of(UNIQUE));
        see(
                "Example CA",
                1,
                Stream.concat(
                                Stream.of(WWW),
                                IntStream.range(0, 1_000).mapToObj(i -> new HostName("n" + i + ".example.org")))
                        .toList());
        see("Example CA ".repeat(200), 1, List.of(WWW));

        assertThat(looks.of(TARGET)).isEmpty();
    }

    @Test
    void keepsTheLatestFour() {
        for (int daysOld = 10; daysOld > 0; daysOld--) {
            see("Example CA", daysOld, List.of(WWW));
        }

        assertThat(looks.of(TARGET))
                .extracting(leaf ->
                        Duration.between(leaf.notBefore(), clock.instant()).toDays())
                .containsExactly(4L, 3L, 2L, 1L);
    }
}
