package org.ringcert.daemon.ready;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.view.ready.Readiness;
import org.ringcert.view.ready.Readiness.Reason;
import org.ringcert.view.ready.Readiness.Weight;

@Timeout(60)
class SharedReadinessTest {

    private static final HostName NODE = new HostName("web0.example.org");

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger mostActive = new AtomicInteger();

    private static ReadyQuestion question(int site) {
        return new ReadyQuestion(
                new Site(List.of(new HostName("n" + site + ".example.org"))), NODE, Duration.ofDays(1));
    }

    private Readiness look(ReadyQuestion question) throws InterruptedException {
        started.incrementAndGet();
        mostActive.accumulateAndGet(active.incrementAndGet(), Math::max);
        release.await();
        active.decrementAndGet();
        return new Readiness(question.site().name(), NODE, List.of(new Reason(Weight.FOR, "look " + started.get())));
    }

    @Test
    void askersAtTheSameTimeShareALook() throws Exception {
        SharedReadiness readiness = new SharedReadiness(this::look);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Readiness>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(threads.submit(() -> readiness.answer(question(0))));
            }
            await().until(() -> started.get() == 1);
            release.countDown();
            for (Future<Readiness> answer : answers) {
                assertThat(answer.get().isReady()).isTrue();
            }
        }
        assertThat(mostActive).hasValue(1);
    }

    @Test
    void anAnswerIsForgottenSoon() throws Exception {
        release.countDown();
        SharedReadiness readiness = new SharedReadiness(this::look);
        Readiness first = readiness.answer(question(0));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !readiness.answer(question(0)).equals(first));
    }

    @Test
    void differentQuestionsTakeTurnsAndTooManyAreRefused() throws Exception {
        SharedReadiness readiness = new SharedReadiness(this::look);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Readiness>> answers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                ReadyQuestion question = question(i);
                answers.add(threads.submit(() -> readiness.answer(question)));
            }
            await().until(() -> started.get() == 4);
            await().until(() -> isBusy(readiness));
            release.countDown();
            for (Future<Readiness> answer : answers) {
                answer.get();
            }
        }
        assertThat(mostActive).hasValue(4);
        assertThat(isBusy(readiness)).isFalse();
    }

    private static boolean isBusy(SharedReadiness readiness) throws InterruptedException {
        try {
            Thread asker = Thread.currentThread();
            // Only a question that is refused ends before the looks are released.
            Thread.ofVirtual().start(asker::interrupt);
            readiness.answer(question(99));
            return false;
        } catch (SharedReadiness.BusyException e) {
            boolean _ = Thread.interrupted();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Test
    void aFailedLookIsNotShared() {
        AtomicInteger looks = new AtomicInteger();
        SharedReadiness readiness = new SharedReadiness(_ -> {
            looks.incrementAndGet();
            throw new IllegalStateException("broken");
        });
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> readiness.answer(question(0))).hasRootCauseMessage("broken");
        }
        assertThat(looks).hasValue(2);
    }
}
