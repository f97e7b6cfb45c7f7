package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.challenge.Challenges;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.issue.FailureBudget;
import org.ringcert.issue.Http01Solver;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.issue.Issuer;
import org.ringcert.issue.PeerRedirects;
import org.ringcert.issue.Preflight;
import org.ringcert.pki.KeyType;
import org.ringcert.store.FailureKind;
import org.ringcert.store.Store;

/** A server whose clock differs from that of the CA, as the Date of the CA's replies shows. */
class WrongClockTest {

    private final SetClock clock = new SetClock();
    private ScriptedCa ca;
    private AcmeClient client;

    @TempDir
    private Path folder;

    /** This machine's clock, which a test may set. The CA has this machine's. */
    private static final class SetClock extends Clock {

        private volatile Duration offset = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().plus(offset);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void start() throws IOException {
        ca = new ScriptedCa();
        client = new AcmeClient(
                ca.directory(),
                new HttpTransport(Optional.empty(), "ringcert/test", Map.of()),
                Clients.LONG,
                clock,
                Sleeper.real());
    }

    @AfterEach
    void stop() {
        client.close();
        ca.close();
    }

    private long requests(String path) {
        return ca.received.stream()
                .filter(request -> request.path().equals(path))
                .count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT25H", "PT-25H", "P400D", "P-400D"})
    void nothingIsOrderedIfTheClocksAreMoreThanADayApart(Duration offset) throws Exception {
        clock.offset = offset;
        Store store = Store.open(folder.resolve("store"), clock);
        Issuer issuer = new Issuer(
                client,
                store,
                new Http01Solver(new Challenges(store, List.of(), clock)),
                new NewAccount(Optional.empty(), Optional.empty()),
                Preflight.NONE,
                PeerRedirects.POSSIBLE,
                FailureBudget.STANDARD,
                clock,
                new SecureRandom(),
                IssuanceListener.NONE);
        Source source = new Source(ca.directory(), KeyType.EC256, Optional.empty());
        Site site = new Site(List.of(new HostName("www.example.org")));

        IssuanceOutcome outcome =
                issuer.issue(new CertificateSpec(site, List.of(source)), source, Preflight.Power.MAY_WARN);

        assertThat(outcome).isInstanceOfSatisfying(IssuanceOutcome.Failed.class, failed -> {
            assertThat(failed.kind()).isEqualTo(FailureKind.UNCOUNTED);
            assertThat(failed.reason())
                    .contains("127.0.0.1 says that it is " + day(Instant.now()))
                    .contains("this server's clock says " + day(clock.instant()))
                    .contains("`timedatectl`");
        });
        assertThat(requests(ScriptedCa.ORDERS)).isZero();
    }

    /** Returns the beginning of a time: its day. */
    private static String day(Instant time) {
        return time.truncatedTo(ChronoUnit.DAYS).toString().substring(0, "2026-11-23T".length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT23H", "PT-23H", "PT0S"})
    void aSmallerDifferenceDoesNotMatter(Duration offset) {
        clock.offset = offset;
        assertThatNoException().isThrownBy(client::checkClock);
    }

    @Test
    void aReplyOfTheLastMinuteIsEnough() throws Exception {
        client.checkClock();
        client.checkClock();

        assertThat(ca.received).extracting(ScriptedCa.Received::path).containsExactly(ScriptedCa.DIRECTORY);
    }

    @Test
    void aClockThatIsSetIsComparedAgain() throws Exception {
        client.checkClock();
        clock.offset = Duration.ofDays(3);
        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(client::checkClock)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.WRONG_CLOCK));

        clock.offset = Duration.ZERO;
        assertThatNoException().isThrownBy(client::checkClock);
    }
}
