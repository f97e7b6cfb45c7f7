package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

/** An issuance that ends well, and its account. */
class IssuerTest {

    @TempDir
    private Path folder;

    private Bench bench;

    @BeforeEach
    void start() throws StoreException {
        bench = new Bench(folder);
    }

    @Test
    void whatTheCaHearsOfIsOnDiskBefore() {
        List<String> seen = new ArrayList<>();
        bench.ca.trap = call -> seen.add(FakeCa.method(call) + state(call));

        CertificateVersion version = bench.issues(Bench.WISH);

        assertThat(seen)
                .containsExactly(
                        "register: account key",
                        "newOrder: account key",
                        "authorization: account key, order",
                        "authorization: account key, order",
                        "respond: account key, order, 2 answers",
                        "respond: account key, order, 2 answers",
                        "awaitValidation: account key, order, 2 answers",
                        "awaitValidation: account key, order, 2 answers",
                        "await: account key, order, 2 answers",
                        "finalize: account key, order, 2 answers, key",
                        "certificate: account key, order, 2 answers, key");
        assertThat(bench.steps)
                .extracting(step -> step.getClass().getSimpleName())
                .containsExactly(
                        "AccountCreated", "Ordered", "Answering", "Answering", "Validated", "Validated", "Installed");
        assertThat(version.names()).containsExactly(Bench.BARE, Bench.WWW);
    }

    private String state(String call) {
        try {
            List<String> state = new ArrayList<>();
            if (bench.store.account(FakeCa.DIRECTORY).isPresent()) {
                state.add("account key");
            }
            Optional<Progress.PendingOrder> order = bench.progress().order();
            if (order.isPresent()) {
                state.add("order");
            }
            String[] answers = bench.store.challenges().toFile().list();
            if (answers != null && answers.length > 0) {
                state.add(answers.length + " answers");
            }
            if (order.flatMap(Progress.PendingOrder::key).isPresent()) {
                state.add("key");
            }
            return ": " + String.join(", ", state);
        } catch (StoreException e) {
            throw new AssertionError(call, e);
        }
    }

    @Test
    void theAccountIsMadeOnceAndUsedForAllThatFollows() throws Exception {
        bench.issues(Bench.WISH);
        bench.issues(Bench.WISH);

        assertThat(bench.ca.count("register")).isEqualTo(1);
        assertThat(bench.ca.count("newOrder")).isEqualTo(2);
        assertThat(bench.progress().order()).isEmpty();
        assertThat(bench.progress().pendingDeployment()).isPresent();
    }

    @Test
    void anAccountThatTheCaDoesNotKnowIsReplacedOnceAndTheOldOneIsKeptBesideIt() throws Exception {
        bench.issues(Bench.WISH);
        URI old = account().url().orElseThrow();
        bench.ca.forgetAccounts();
        bench.steps.clear();

        bench.issues(Bench.WISH);

        URI made = account().url().orElseThrow();
        assertThat(bench.steps).contains(new IssuanceEvent.AccountCreated(made, Optional.of(old)));
        assertThat(bench.ca.count("register")).isEqualTo(2);

        bench.ca.trap = FakeCa.failOn("newOrder", Kind.ACCOUNT_GONE);
        assertThat(bench.fails(Bench.WISH).reason()).contains("the test says ACCOUNT_GONE");
        assertThat(bench.ca.count("register")).isEqualTo(3);
    }

    @Test
    void anAccountThatIsGoneInTheMiddleOfAnOrderIsReplacedAndTheOrderWithIt() throws Exception {
        bench.ca.stuck = true;
        bench.fails(Bench.WISH);
        bench.ca.stuck = false;
        bench.ca.forgetAccounts();

        bench.issues(Bench.WISH);

        assertThat(bench.ca.orders()).hasSize(2);
        assertThat(bench.steps).anyMatch(IssuanceEvent.Abandoned.class::isInstance);
        assertThat(bench.progress().invalidOrders()).isEmpty();
    }

    @Test
    void anAccountWhoseRegistrationWasCutOffIsFoundByItsKey() throws Exception {
        List<KeyPair> keys = new ArrayList<>();
        bench.ca.trap = call -> {
            if (call.equals("register")) {
                keys.add(account().key());
                throw FakeCa.failure(Kind.UNREACHABLE, "no answer");
            }
        };
        bench.fails(Bench.WISH);
        bench.ca.trap = _ -> {};

        bench.issues(Bench.WISH);

        assertThat(account().key().getPublic()).isEqualTo(keys.getFirst().getPublic());
    }

    private StoredAccount account() {
        try {
            return bench.store.account(FakeCa.DIRECTORY).orElseThrow();
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void twoSitesAtATimeMakeOneAccount() throws Exception {
        CertificateSpec other = new CertificateSpec(
                new Site(List.of(new HostName("shop.example.org"))), KeyType.EC256, Optional.empty());
        CountDownLatch both = new CountDownLatch(2);
        List<Thread> threads = Stream.of(Bench.WISH, other)
                .map(spec -> Thread.ofVirtual().start(() -> {
                    try (Store.Lock _ = bench.store.tryLock(spec.site().name()).orElseThrow()) {
                        both.countDown();
                        both.await();
                        bench.issues(spec);
                    } catch (StoreException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(bench.ca.count("register")).isEqualTo(1);
        assertThat(bench.store.sites()).hasSize(2);
    }
}
