package org.ringcert.daemon.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Repeats a look until Ctrl-C, which ends the process with the exit status of the last look. */
final class StatusWatch implements AutoCloseable {

    private static final String HOME = "\u001b[H";
    private static final String CLEAR_REST_OF_LINE = "\u001b[K";
    /** The time, and an empty line. */
    private static final int HEAD_LINES = 2;

    private static final String CLEAR_BELOW = "\u001b[J";

    private final Duration interval;
    private final Thread interruption = new Thread(this::endWithLastStatus, "end of watch");
    private volatile OptionalInt lastStatus = OptionalInt.empty();
    private Instant lookStarted = Instant.now();

    private StatusWatch(Duration interval) {
        this.interval = interval;
    }

    /** @param interval the time between two looks; longer if a look takes longer */
    static StatusWatch start(Duration interval) {
        StatusWatch watch = new StatusWatch(interval);
        Runtime.getRuntime().addShutdownHook(watch.interruption);
        return watch;
    }

    /**
     * Waits until the next look is due. The pause is as long as the look was, at least, so that looks at many servers
     * do not take all of their time.
     *
     * @param status the exit status that the last look means
     */
    void awaitNext(int status) throws InterruptedException {
        lastStatus = OptionalInt.of(status);
        Duration look = Duration.between(lookStarted, Instant.now());
        Thread.sleep(look.compareTo(interval) > 0 ? look : interval);
        lookStarted = Instant.now();
    }

    /** The JVM's own exit status after Ctrl-C would be 130, as it is before the first look has ended. */
    private void endWithLastStatus() {
        lastStatus.ifPresent(Runtime.getRuntime()::halt);
    }

    /** Returns the report with escape sequences that replace what the screen shows. It is cut if it is too long. */
    static String redraw(StatusReport report, Screen screen) {
        String text = report.text(screen);
        boolean hasRoom = text.lines().count() + HEAD_LINES < screen.lines();
        return redraw(hasRoom ? text : report.shortOfRoom(screen), report.now(), screen);
    }

    static String redraw(String text, Instant now, Screen screen) {
        List<String> lines = Stream.concat(
                        Stream.of(now.truncatedTo(ChronoUnit.SECONDS) + "  (Ctrl-C ends)", ""), text.lines())
                .toList();
        // The cursor needs a line of its own, and so does what is said about the others.
        int shown = screen.lines() - 2;
        String end = lines.size() > shown + 1
                ? (lines.size() - shown) + " more lines; without --watch they are shown" + CLEAR_REST_OF_LINE + "\n"
                : "";
        return lines.stream()
                        .limit(end.isEmpty() ? lines.size() : shown)
                        .map(line -> line + CLEAR_REST_OF_LINE + "\n")
                        .collect(Collectors.joining("", HOME, end))
                + CLEAR_BELOW;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(interruption);
        } catch (IllegalStateException e) {
            // The process is ending.
        }
    }
}
