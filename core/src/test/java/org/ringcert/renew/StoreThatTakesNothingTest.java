package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.issue.CaFaults;
import org.ringcert.issue.IssuerFixture;
import org.ringcert.store.StoreException;

/** The disk was well when the node was started. Then nothing that is written to {@code orders/} gets there. */
class StoreThatTakesNothingTest {

    enum Ill {
        /** What is to be written first cannot be made. */
        OBSTACLE {
            @Override
            void begin(Path orders) throws IOException {
                Files.createDirectories(obstacle(orders).resolve("in the way"));
            }

            @Override
            void end(Path orders) throws IOException {
                Files.deleteIfExists(obstacle(orders).resolve("in the way"));
                Files.deleteIfExists(obstacle(orders));
            }

            private static Path obstacle(Path orders) {
                return orders.resolve(".tmp-www.example.org.json");
            }
        },
        /** The file system says no. */
        IMMUTABLE {
            @Override
            void begin(Path orders) throws IOException {
                assumeTrue(chattr("+i", orders), "chattr +i is not to be had here");
            }

            @Override
            void end(Path orders) throws IOException {
                chattr("-i", orders);
            }

            private static boolean chattr(String what, Path folder) throws IOException {
                try {
                    return new ProcessBuilder("chattr", what, folder.toString())
                                    .redirectErrorStream(true)
                                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                    .start()
                                    .waitFor()
                            == 0;
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };

        abstract void begin(Path orders) throws IOException;

        abstract void end(Path orders) throws IOException;
    }

    @TempDir
    private Path folder;

    private IssuerFixture fixture;
    private Renewals renewals;
    private Path orders;
    private final AtomicInteger deployments = new AtomicInteger();

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(folder);
        orders = folder.resolve("store/orders");
        Deployer deployer = _ -> {
            deployments.incrementAndGet();
            return Map.of();
        };
        renewals = new Renewals(
                fixture.store, fixture.issuer, deployer, _ -> Optional.empty(), fixture.clock, new SecureRandom());
    }

    @AfterEach
    void mend() throws IOException {
        for (Ill ill : Ill.values()) {
            ill.end(orders);
        }
    }

    private List<RenewalResult> pass() {
        return renewals.pass(List.of(IssuerFixture.SPEC), RenewalMode.DUE_ONLY);
    }

    private long calls(String method) {
        return fixture.ca.calls.stream().filter(call -> call.startsWith(method)).count();
    }

    /** An hour of passes, one a minute. */
    private List<RenewalResult> anHour() {
        List<RenewalResult> results = new ArrayList<>();
        for (int minute = 0; minute < 60; minute++) {
            results.add(pass().getFirst());
            fixture.clock.move(Duration.ofMinutes(1));
        }
        return results;
    }

    private void becomesDue() {
        fixture.clock.set(pass().getFirst().next());
        assertThat(calls("newOrder")).isEqualTo(1);
        assertThat(deployments).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsOrderedThatCouldNotBeKeptAndTheWaitIsInMemory(Ill ill) throws Exception {
        becomesDue();
        ill.begin(orders);

        List<RenewalResult> hour = anHour();

        assertThat(calls("newOrder")).isEqualTo(1);
        assertThat(hour).filteredOn(RenewalResult.Failed.class::isInstance).hasSize(3);
        assertThat(hour.getFirst())
                .isInstanceOfSatisfying(
                        RenewalResult.Failed.class,
                        failed -> assertThat(failed.reason())
                                .contains("www.example.org.json")
                                .doesNotContain("could not be saved"));
        assertThat(hour.get(2)).isInstanceOf(RenewalResult.Waiting.class);

        ill.end(orders);
        assertThat(pass().getFirst()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(calls("newOrder")).isEqualTo(2);
        assertThat(pass().getFirst()).isInstanceOf(RenewalResult.NotDue.class);
    }

    @Test
    void anOrderThatIsUnderWayIsNotLookedAtEachTimeAndGoesOnWhenTheDiskIsWell() throws Exception {
        becomesDue();
        fixture.ca.beforeCall = call -> {
            if (call.equals("finalize")) {
                throw CaFaults.failure(Kind.UNREACHABLE, "no route");
            }
        };
        Instant next = pass().getFirst().next();
        fixture.clock.set(next);
        Ill.OBSTACLE.begin(orders);
        long before = calls("order");

        List<RenewalResult> hour = anHour();

        assertThat(calls("order") - before).isLessThanOrEqualTo(3);
        assertThat(hour.getFirst())
                .isInstanceOfSatisfying(
                        RenewalResult.Failed.class,
                        failed -> assertThat(failed.reason())
                                .contains("no route", "could not be saved", orders.toString()));
        fixture.ca.beforeCall = _ -> {};
        Ill.OBSTACLE.end(orders);
        assertThat(pass().getFirst()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(calls("newOrder")).isEqualTo(2);
    }

    @Test
    void aServerThatWasToldAndCouldNotBeNotedIsNotToldEachMinute() throws Exception {
        pass();
        deployments.set(0);
        fixture.clock.set(pass().getFirst().next());
        Renewals toldByAnIllDisk = new Renewals(
                fixture.store,
                fixture.issuer,
                _ -> {
                    deployments.incrementAndGet();
                    try {
                        Ill.OBSTACLE.begin(orders);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    return Map.of();
                },
                _ -> Optional.empty(),
                fixture.clock,
                new SecureRandom());

        for (int minute = 0; minute < 60; minute++) {
            toldByAnIllDisk.pass(List.of(IssuerFixture.SPEC), RenewalMode.DUE_ONLY);
            fixture.clock.move(Duration.ofMinutes(1));
        }

        assertThat(deployments.get()).isBetween(1, 3);
        Ill.OBSTACLE.end(orders);
        pass();
        assertThat(fixture.progress().pendingDeployment()).isEmpty();
    }
}
