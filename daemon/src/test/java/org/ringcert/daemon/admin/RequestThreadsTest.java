package org.ringcert.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RequestThreadsTest {

    private final RequestThreads threads = new RequestThreads(2);

    /** A request that waits until it is interrupted. */
    private final class Request implements Runnable {

        private final boolean isHeadComplete;
        private final CountDownLatch started = new CountDownLatch(1);
        private final CountDownLatch interrupted = new CountDownLatch(1);

        Request(boolean isHeadComplete) {
            this.isHeadComplete = isHeadComplete;
        }

        @Override
        public void run() {
            if (isHeadComplete) {
                threads.headIsComplete();
            }
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        }
    }

    private Request start(boolean isHeadComplete) throws InterruptedException {
        Request request = new Request(isHeadComplete);
        threads.execute(request);
        request.started.await();
        return request;
    }

    @Test
    void endsTheRequestThatHasBeenReadForLongest() throws Exception {
        Request first = start(false);
        Request second = start(false);
        Request third = start(false);
        first.interrupted.await();
        assertThat(second.interrupted.getCount()).isEqualTo(1);

        start(false);
        second.interrupted.await();
        assertThat(third.interrupted.getCount()).isEqualTo(1);
    }

    @Test
    void rejectsMoreIfAllAreBeingAnswered() throws Exception {
        start(true);
        start(true);

        assertThatThrownBy(() -> start(false)).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void closeInterruptsAllAndRejectsLaterOnes() throws Exception {
        Request reading = start(false);
        Request answering = start(true);

        threads.close();

        reading.interrupted.await();
        answering.interrupted.await();
        assertThatThrownBy(() -> start(false))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("closed");
    }
}
