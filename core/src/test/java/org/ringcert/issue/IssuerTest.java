package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/** Issuances that succeed, and the account they use. */
class IssuerTest {

    @TempDir
    private Path directory;

    private IssuerFixture fixture;

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
    }

    @Test
    void savesEverythingBeforeTheCaIsTold() {
        List<String> saved = new ArrayList<>();
        fixture.ca.beforeCall = call -> saved.add(FakeCa.method(call) + ": " + saved(call));

        CertificateVersion version = fixture.issue(IssuerFixture.SPEC);

        assertThat(saved)
                .containsExactly(
                        "register: account key",
                        "newOrder: account key",
                        "authorization: account key, order",
                        "authorization: account key, order",
                        "respond: account key, order, 2 answers",
                        "respond: account key, order, 2 answers",
                        "awaitValidation: account key, order, 2 answers",
                        "awaitValidation: account key, order, 2 answers",
                        "finalize: account key, order, 2 answers, key",
                        "certificate: account key, order, 2 answers, key");
        assertThat(fixture.events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("Ordered", "ChallengeReady", "ChallengeReady", "Validated", "Validated", "Installed");
        assertThat(version.names()).containsExactly(IssuerFixture.BARE, IssuerFixture.WWW);
    }

    private String saved(String call) {
        try {
            List<String> saved = new ArrayList<>();
            if (fixture.store.accounts().find(FakeCa.DIRECTORY).isPresent()) {
                saved.add("account key");
            }
            Optional<Progress.PendingOrder> order = fixture.progress().order();
            if (order.isPresent()) {
                saved.add("order");
            }
            String[] answers = fixture.store.challenges().toFile().list();
            if (answers != null && answers.length > 0) {
                saved.add(answers.length + " answers");
            }
            if (order.flatMap(Progress.PendingOrder::key).isPresent()) {
                saved.add("key");
            }
            return String.join(", ", saved);
        } catch (StoreException e) {
            throw new AssertionError(call, e);
        }
    }

    @Test
    void registersOneAccountForAllOrders() throws Exception {
        fixture.issue(IssuerFixture.SPEC);
        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.count("register")).isEqualTo(1);
        assertThat(fixture.ca.count("newOrder")).isEqualTo(2);
        assertThat(fixture.progress().order()).isEmpty();
        assertThat(fixture.pendingDeployment()).isPresent();
    }

    @Test
    void replacesAnAccountThatTheCaNoLongerKnowsOncePerAttempt() throws Exception {
        fixture.issue(IssuerFixture.SPEC);
        URI old = account().url().orElseThrow();
        fixture.ca.forgetAccounts();
        fixture.events.clear();

        fixture.issue(IssuerFixture.SPEC);

        URI replacement = account().url().orElseThrow();
        assertThat(fixture.accountEvents).contains(new AccountEvent.Registered(replacement, Optional.of(old)));
        assertThat(fixture.ca.count("register")).isEqualTo(2);

        fixture.ca.beforeCall = CaFaults.failOn("newOrder", Kind.ACCOUNT_GONE);
        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason()).contains("the test says ACCOUNT_GONE");
        assertThat(fixture.ca.count("register")).isEqualTo(3);
    }

    @Test
    void replacesAnAccountThatIsLostDuringAnOrderAndOrdersAgain() throws Exception {
        fixture.ca.faults.finalizationHangs = true;
        fixture.failToIssue(IssuerFixture.SPEC);
        fixture.ca.faults.finalizationHangs = false;
        fixture.ca.forgetAccounts();

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).hasSize(2);
        assertThat(fixture.events).anyMatch(IssuanceEvent.Abandoned.class::isInstance);
        assertThat(fixture.progress().failedOrders()).isEmpty();
    }

    @Test
    void findsAnAccountByItsKeyAfterAnInterruptedRegistration() throws Exception {
        List<KeyPair> keys = new ArrayList<>();
        fixture.ca.beforeCall = call -> {
            if (call.equals("register")) {
                keys.add(account().key());
                throw CaFaults.failure(Kind.UNREACHABLE, "no answer");
            }
        };
        fixture.failToIssue(IssuerFixture.SPEC);
        fixture.ca.beforeCall = _ -> {};

        fixture.issue(IssuerFixture.SPEC);

        assertThat(account().key().getPublic()).isEqualTo(keys.getFirst().getPublic());
    }

    private StoredAccount account() {
        try {
            return fixture.store.accounts().find(FakeCa.DIRECTORY).orElseThrow();
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void registersOneAccountForTwoConcurrentSites() throws Exception {
        CertificateSpec other = IssuerFixture.spec(
                new Site(List.of(new HostName("shop.example.org"))), KeyType.EC256, Optional.empty());
        CountDownLatch bothStarted = new CountDownLatch(2);
        List<Thread> threads = Stream.of(IssuerFixture.SPEC, other)
                .map(spec -> Thread.ofVirtual().start(() -> {
                    try (Store.Lock _ =
                            fixture.store.tryLock(spec.site().name()).orElseThrow()) {
                        bothStarted.countDown();
                        bothStarted.await();
                        fixture.issue(spec);
                    } catch (StoreException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(fixture.ca.count("register")).isEqualTo(1);
        assertThat(fixture.store.storedCertificates()).hasSize(2);
    }

    @Test
    void threadsThatWaitForARegistrationShareItsFailure() throws Exception {
        List<Optional<String>> problems = new CopyOnWriteArrayList<>();
        Thread waiting = Thread.ofPlatform().unstarted(() -> problems.add(fixture.issuer.prepareAccount()));
        fixture.ca.beforeCall = call -> {
            if (fixture.ca.count("register") == 1) {
                waiting.start();
                awaitBlockedByThisThread(waiting);
            }
            throw CaFaults.failure(Kind.UNREACHABLE, "no route");
        };

        problems.add(fixture.issuer.prepareAccount());
        waiting.join();

        assertThat(problems).containsExactly(Optional.of("no route"), Optional.of("no route"));
        assertThat(fixture.ca.count("register")).isEqualTo(1);
        assertThat(fixture.issuer.prepareAccount()).contains("no route");
        assertThat(fixture.ca.count("register")).as("by whoever comes later").isEqualTo(2);
    }

    private static void awaitBlockedByThisThread(Thread thread) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        while (Optional.ofNullable(threads.getThreadInfo(thread.threadId()))
                .filter(info -> info.getLockOwnerId() == Thread.currentThread().threadId())
                .isEmpty()) {
            Thread.onSpinWait();
        }
    }
}
