package org.ringcert.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.store.StoreException;

@Timeout(30)
class RecentStatusTest {

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile CountDownLatch store = new CountDownLatch(0);
    private final AtomicReference<String> configuration = new AtomicReference<>("first");
    private final RecentStatus<String> status = new RecentStatus<>(configuration::get, this::read, nanos::get);

    @Test
    void readsTheStoreOnceInFiveSeconds() throws Exception {
        NodeStatus first = status.get();
        pass(Duration.ofMillis(4_999));

        assertThat(status.get()).isSameAs(first);
        assertThat(status.getSoon()).isEqualTo(new RecentStatus.Dated(first, Duration.ofMillis(4_999)));
        pass(Duration.ofMillis(1));
        assertThat(status.get()).isNotSameAs(first);
        assertThat(reads).hasValue(2);
    }

    @Test
    void doesNotWaitForASlowStore() throws Exception {
        NodeStatus first = status.get();
        pass(Duration.ofHours(1));
        CountDownLatch slow = new CountDownLatch(1);
        store = slow;

        for (int i = 0; i < 5; i++) {
            assertThat(status.getSoon()).isEqualTo(new RecentStatus.Dated(first, Duration.ofHours(1)));
        }
        slow.countDown();

        await().untilAsserted(() -> assertThat(status.getSoon().age()).isZero());
        assertThat(reads).as("times the store was read").hasValue(2);
    }

    @Test
    void prefetchedStatusNeedsNoFurtherRead() throws Exception {
        status.prefetch();

        assertThat(status.getSoon().status().cas()).containsExactly("first");
        assertThat(reads).as("times the store was read").hasValue(1);
    }

    @Test
    void isOfTheConfigurationInForce() throws Exception {
        status.get();
        configuration.set("second");

        assertThat(status.getSoon().status().cas()).containsExactly("second");
    }

    @Test
    void failsWhileTheStoreCannotBeRead() throws Exception {
        configuration.set("broken");

        assertThatThrownBy(status::get).isInstanceOf(StoreException.class).hasMessage("broken");
        assertThatThrownBy(status::getSoon).isInstanceOf(StoreException.class).hasMessage("broken");
        configuration.set("repaired");
        assertThat(status.get().cas()).containsExactly("repaired");
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private NodeStatus read(String node) throws StoreException {
        reads.incrementAndGet();
        if (node.equals("broken")) {
            throw new StoreException(node, null);
        }
        try {
            store.await();
        } catch (InterruptedException e) {
            throw new StoreException("interrupted", e);
        }
        return new NodeStatus(
                new HostName("web1.example.org"),
                List.of(node),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }
}
