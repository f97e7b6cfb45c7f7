package org.ringcert.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;

/** Tests locks within a process and between processes. */
@Timeout(60)
class StoreLockTest {

    private static final Clock CLOCK = Clock.fixed(Sample.NOW, ZoneOffset.UTC);
    private static final HostName OTHER = new HostName("shop.example.org");
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    @TempDir
    private Path folder;

    private Store store;

    @BeforeEach
    void open() throws StoreException {
        store = Store.open(folder.resolve("store"), CLOCK);
    }

    @Test
    void aSiteCanBeLockedAgainOnlyAfterItsLockWasClosed() throws Exception {
        Store.Lock lock = store.tryLock(Sample.SITE).orElseThrow();
        assertThat(store.tryLock(Sample.SITE)).isEmpty();
        store.tryLock(OTHER).orElseThrow().close();

        lock.close();
        Store.Lock next = store.tryLock(Sample.SITE).orElseThrow();
        lock.close();
        assertThat(store.tryLock(Sample.SITE))
                .as("closing the old lock again has no effect")
                .isEmpty();
        next.close();
    }

    @Test
    void twoStoresInOneProcessExcludeEachOtherAndOtherProcesses() throws Exception {
        Store second = Store.open(folder.resolve("store"), CLOCK);
        Store.Lock lock = store.tryLock(Sample.SITE).orElseThrow();

        assertThat(second.tryLock(Sample.SITE)).isEmpty();
        Process process = StoreProgram.start("022", "lock", folder.resolve("store"));
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as("the other process does not get the lock, either")
                    .isEqualTo(StoreProgram.LOCK_NOT_ACQUIRED);
        } finally {
            process.destroyForcibly();
        }
        lock.close();
        second.tryLock(Sample.SITE).orElseThrow().close();
    }

    @Test
    void aLockOfAnotherProcessIsReleasedWhenThatProcessDies() throws Exception {
        Process process = StoreProgram.start("022", "lock", folder.resolve("store"));
        try {
            StoreProgram.awaitReady(process);
            assertThat(store.tryLock(Sample.SITE)).isEmpty();
            CompletableFuture<Store.Lock> account = lockAccount(store, Sample.CA);
            store.tryLock(OTHER).orElseThrow().close();
            assertThat(account).isNotDone();

            process.destroyForcibly();

            account.get(30, TimeUnit.SECONDS).close();
            Awaitility.await().until(() -> store.tryLock(Sample.SITE).isPresent());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void onlyOneThreadAtATimeHoldsAnAccountLock() throws Exception {
        Store second = Store.open(folder.resolve("store"), CLOCK);
        AtomicInteger holders = new AtomicInteger();
        CompletableFuture<?>[] all = new CompletableFuture<?>[8];
        for (int i = 0; i < all.length; i++) {
            Store one = i % 2 == 0 ? store : second;
            all[i] = CompletableFuture.runAsync(
                    () -> {
                        try (Store.Lock _ = one.accounts().lock(Sample.CA)) {
                            assertThat(holders.incrementAndGet()).isEqualTo(1);
                            Sample.key();
                            holders.decrementAndGet();
                        } catch (StoreException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    THREADS);
        }
        CompletableFuture.allOf(all).get(50, TimeUnit.SECONDS);
    }

    @Test
    void accountsOfDifferentCasAreLockedIndependently() throws Exception {
        try (Store.Lock lock = store.accounts().lock(Sample.CA);
                Store.Lock other = store.accounts().lock(URI.create("https://other.example.org/directory"))) {
            assertThat(other).isNotSameAs(lock);
        }
    }

    @Test
    void aWaitingThreadCanBeInterrupted() throws Exception {
        try (Store.Lock _ = store.accounts().lock(Sample.CA)) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    store.accounts().lock(Sample.CA).close();
                } catch (StoreException e) {
                    thrown.complete(e);
                }
            });
            waiting.interrupt();

            assertThat(thrown).succeedsWithin(Duration.ofSeconds(30));
            assertThat(thrown.get()).hasMessageContaining("Interrupted");
        }
    }

    @Test
    void recreatesALockFileThatSomeoneDeleted() throws Exception {
        store.tryLock(Sample.SITE).orElseThrow().close();
        Files.delete(folder.resolve("store/orders/www.example.org.lock"));

        try (Store.Lock _ = store.tryLock(Sample.SITE).orElseThrow()) {
            assertThat(folder.resolve("store/orders/www.example.org.lock")).exists();
            assertThat(Store.open(folder.resolve("store"), CLOCK).tryLock(Sample.SITE))
                    .isEmpty();
        }
    }

    @Test
    void namesALockFileThatCannotBeCreated() throws Exception {
        Path file = Files.createDirectory(folder.resolve("store/orders/www.example.org.lock"));

        assertThatThrownBy(() -> store.tryLock(Sample.SITE))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString());
    }

    private static CompletableFuture<Store.Lock> lockAccount(Store store, URI ca) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return store.accounts().lock(ca);
                    } catch (StoreException e) {
                        throw new IllegalStateException(e);
                    }
                },
                THREADS);
    }
}
