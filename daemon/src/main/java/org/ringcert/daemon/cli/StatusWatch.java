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

    /**
     * Returns the report with escape sequences that replace what the screen shows. It is cut if it is too long. A
     * screen that does not understand escape sequences gets the whole report below the last one.
     */
    static String redraw(StatusReport report, Screen screen) {
        String text = report.text(screen);
        if (!screen.movesCursor()) {
            return head(report.now()) + "\n\n" + text + "\n";
        }
        boolean hasRoom = WrappedText.rows(text, screen.columns()).size() + HEAD_LINES < screen.lines();
        return redraw(hasRoom ? text : report.shortOfRoom(screen), report.now(), screen);
    }

    static String redraw(String text, Instant now, Screen screen) {
        List<String> rows = WrappedText.rows(head(now) + "\n\n" + text, screen.columns());
        // The cursor needs a row of its own, and so does what is said about the others.
        int shown = screen.lines() - 2;
        boolean isCut = rows.size() > shown + 1;
        Stream<String> end =
                isCut ? Stream.of((rows.size() - shown) + " more lines; status --all has all") : Stream.of();
        return Stream.concat(rows.stream().limit(isCut ? shown : rows.size()), end)
                        .map(row -> cleared(row, screen))
                        .collect(Collectors.joining("", HOME, ""))
                + CLEAR_BELOW;
    }

    private static String head(Instant now) {
        return now.truncatedTo(ChronoUnit.SECONDS) + "  (Ctrl-C ends)";
    }

    /** After a full row, the cursor is still on its last character, which would be cleared as well. */
    private static String cleared(String row, Screen screen) {
        return row + (WrappedText.width(row) < screen.columns() ? CLEAR_REST_OF_LINE : "") + "\n";
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
