package org.ringcert.it.visitors;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ringcert.cluster.HostName;
import org.ringcert.it.Testbed;

/** Requests that follow each other until it is closed, such as those of visitors. Thread-safe. */
final class RequestLoop implements AutoCloseable {

    private static final int PAUSE_MILLIS = 20;

    private final Request request;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final List<Answer> answers = new ArrayList<>();

    /** One request. */
    @FunctionalInterface
    interface Request {

        /** Sends it and returns the answer. */
        String send() throws IOException;
    }

    /** Where visitors go. */
    @FunctionalInterface
    interface Directions {

        /** Returns where the next visitor goes. */
        InetSocketAddress next() throws IOException;
    }

    /**
     * What a request got.
     *
     * @param start when it was about to be sent
     * @param error empty if there was an answer
     */
    record Answer(Instant start, String error, String text) {}

    private RequestLoop(Request request) {
        this.request = request;
    }

    static RequestLoop start(Request request) {
        RequestLoop loop = new RequestLoop(request);
        var _ = loop.thread.scheduleWithFixedDelay(loop::sendOne, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        return loop;
    }

    /** Starts a loop of visits. The answers are the pages. */
    static RequestLoop visits(Visitor visitor, HostName site, Directions directions) {
        return start(() -> visitor.visit(directions.next(), site).body());
    }

    private void sendOne() {
        Instant start = Instant.now();
        Answer answer;
        try {
            answer = new Answer(start, "", request.send());
        } catch (IOException | RuntimeException e) {
            answer = new Answer(start, e.toString(), "");
        }
        synchronized (answers) {
            answers.add(answer);
        }
    }

    List<Answer> answers() {
        synchronized (answers) {
            return List.copyOf(answers);
        }
    }

    /** Returns the requests that got no answer. */
    List<Answer> failures() {
        return answers().stream().filter(answer -> !answer.error().isEmpty()).toList();
    }

    /** Waits until a request that starts from now on gets this answer. */
    void awaitAnswer(String text) {
        Instant now = Instant.now();
        await("the answer " + text)
                .atMost(Testbed.TIMEOUT)
                .until(() -> answers().stream()
                        .anyMatch(answer ->
                                answer.start().isAfter(now) && answer.text().equals(text)));
    }

    @Override
    public void close() {
        thread.close();
    }
}
