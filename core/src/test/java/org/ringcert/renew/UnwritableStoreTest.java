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
import org.ringcert.issue.IssuanceListener;
import org.ringcert.issue.IssuerFixture;
import org.ringcert.store.StoreException;

/** A store whose {@code orders/} directory cannot be written to after the node has started. */
class UnwritableStoreTest {

    enum DiskFault {
        /** The temporary file cannot be created. */
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
        /** The file system refuses changes. */
        IMMUTABLE {
            @Override
            void begin(Path orders) throws IOException {
                assumeTrue(chattr("+i", orders), "chattr +i does not work here");
            }

            @Override
            void end(Path orders) throws IOException {
                chattr("-i", orders);
            }

            private static boolean chattr(String attribute, Path directory) throws IOException {
                try {
                    return new ProcessBuilder("chattr", attribute, directory.toString())
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
    private Path directory;

    private IssuerFixture fixture;
    private Renewals renewals;
    private Path orders;
    private final AtomicInteger deployments = new AtomicInteger();

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
        orders = directory.resolve("store/orders");
        Deployer deployer = _ -> {
            deployments.incrementAndGet();
            return Map.of();
        };
        renewals = new Renewals(
                fixture.store,
                List.of(fixture.issuer),
                IssuanceListener.NONE,
                CanaryView.NONE,
                OrderTurns.AT_ONCE,
                deployer,
                _ -> Optional.empty(),
                fixture.clock,
                new SecureRandom());
    }

    @AfterEach
    void removeFaults() throws IOException {
        for (DiskFault fault : DiskFault.values()) {
            fault.end(orders);
        }
    }

    private List<RenewalResult> pass() {
        return renewals.pass(List.of(IssuerFixture.SPEC), RenewalMode.DUE_ONLY);
    }

    private long calls(String method) {
        return fixture.ca.calls.stream().filter(call -> call.startsWith(method)).count();
    }

    /** Runs a pass every minute for an hour, and returns the results. */
    private List<RenewalResult> passesForAnHour() {
        List<RenewalResult> results = new ArrayList<>();
        for (int minute = 0; minute < 60; minute++) {
            results.add(pass().getFirst());
            fixture.clock.move(Duration.ofMinutes(1));
        }
        return results;
    }

    private void makeCertificateDue() {
        fixture.clock.set(pass().getFirst().next());
        assertThat(calls("newOrder")).isEqualTo(1);
        assertThat(deployments).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    void ordersNothingThatCannotBeSavedAndBacksOffInMemory(DiskFault fault) throws Exception {
        makeCertificateDue();
        Instant start = fixture.clock.instant();
        fault.begin(orders);

        List<RenewalResult> hour = passesForAnHour();

        assertThat(calls("newOrder")).isEqualTo(1);
        assertThat(hour).filteredOn(RenewalResult.Failed.class::isInstance).hasSize(9);
        assertThat(hour.getFirst())
                .isInstanceOfSatisfying(
                        RenewalResult.Failed.class,
                        failed -> assertThat(failed.reason())
                                .contains("www.example.org.json")
                                .doesNotContain("could not be saved"));
        assertThat(hour.getFirst().next()).isEqualTo(start.plus(Duration.ofMinutes(1)));
        assertThat(hour.get(2)).isInstanceOf(RenewalResult.Waiting.class);

        fault.end(orders);
        assertThat(pass().getFirst()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(calls("newOrder")).isEqualTo(2);
        assertThat(pass().getFirst()).isInstanceOf(RenewalResult.NotDue.class);
    }

    @Test
    void resumesAPendingOrderWhenTheDiskWorksAgain() throws Exception {
        makeCertificateDue();
        fixture.ca.beforeCall = call -> {
            if (call.equals("finalize")) {
                throw CaFaults.failure(Kind.UNREACHABLE, "no route");
            }
        };
        Instant next = pass().getFirst().next();
        fixture.clock.set(next);
        DiskFault.OBSTACLE.begin(orders);
        long previous = calls("order");

        List<RenewalResult> hour = passesForAnHour();

        assertThat(calls("order") - previous).isLessThanOrEqualTo(9);
        assertThat(hour.getFirst())
                .isInstanceOfSatisfying(
                        RenewalResult.Failed.class,
                        failed -> assertThat(failed.reason())
                                .contains("no route", "could not be saved", orders.toString()));
        fixture.ca.beforeCall = _ -> {};
        DiskFault.OBSTACLE.end(orders);
        assertThat(pass().getFirst()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(calls("newOrder")).isEqualTo(2);
    }

    @Test
    void doesNotDeployEveryMinuteIfTheDeploymentCannotBeSaved() throws Exception {
        pass();
        deployments.set(0);
        fixture.clock.set(pass().getFirst().next());
        Renewals renewalsWithFailingDisk = new Renewals(
                fixture.store,
                List.of(fixture.issuer),
                IssuanceListener.NONE,
                CanaryView.NONE,
                OrderTurns.AT_ONCE,
                _ -> {
                    deployments.incrementAndGet();
                    try {
                        DiskFault.OBSTACLE.begin(orders);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    return Map.of();
                },
                _ -> Optional.empty(),
                fixture.clock,
                new SecureRandom());

        for (int minute = 0; minute < 60; minute++) {
            renewalsWithFailingDisk.pass(List.of(IssuerFixture.SPEC), RenewalMode.DUE_ONLY);
            fixture.clock.move(Duration.ofMinutes(1));
        }

        assertThat(deployments.get()).isBetween(1, 9);
        DiskFault.OBSTACLE.end(orders);
        pass();
        assertThat(fixture.pendingDeployment()).isEmpty();
    }
}
