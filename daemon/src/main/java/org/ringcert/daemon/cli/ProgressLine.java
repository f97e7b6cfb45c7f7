package org.ringcert.daemon.cli;

import java.io.PrintWriter;

/** A line on standard error that shows progress and disappears in the end. Only on a terminal. Thread-safe. */
final class ProgressLine implements AutoCloseable {

    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter out;
    private final Thread clearing = new Thread(this::clear, "clear progress");
    private boolean isVisible;

    private ProgressLine(PrintWriter out, boolean isVisible) {
        this.out = out;
        this.isVisible = isVisible;
    }

    /** Returns a line that is shown until it is cleared. */
    static ProgressLine visible(PrintWriter out) {
        return new ProgressLine(out, true);
    }

    /** Returns a line that is shown if standard error is a terminal. */
    static ProgressLine onTerminal(PrintWriter err) {
        ProgressLine line = new ProgressLine(err, Screen.isTerminal(2));
        // Ctrl-C ends the process without closing the line.
        Runtime.getRuntime().addShutdownHook(line.clearing);
        return line;
    }

    /** Replaces what the line shows. */
    synchronized void show(String text) {
        if (isVisible) {
            out.print(CLEAR_LINE + text);
            out.flush();
        }
    }

    /** Clears the line, and shows nothing any more. */
    synchronized void clear() {
        if (isVisible) {
            isVisible = false;
            out.print(CLEAR_LINE);
            out.flush();
        }
    }

    @Override
    public void close() {
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(clearing);
        } catch (IllegalStateException e) {
            // The process is ending.
        }
    }
}
