package org.ringcert.daemon.cli;

import java.io.PrintWriter;
import java.util.Map;

/** A line on standard error that shows progress and disappears in the end. Only on a terminal. Thread-safe. */
final class ProgressLine implements AutoCloseable {

    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter out;
    private final Thread clearing = new Thread(this::clear, "clear progress");
    private boolean isVisible;
    private int looked;

    private ProgressLine(PrintWriter out, boolean isVisible) {
        this.out = out;
        this.isVisible = isVisible;
    }

    /** Returns a line that is shown until it is cleared. */
    static ProgressLine visible(PrintWriter out) {
        return new ProgressLine(out, true);
    }

    /** Returns a line that is shown if standard error is a terminal that can clear it. */
    static ProgressLine onTerminal(PrintWriter err) {
        ProgressLine line = of(err, Screen.isTerminal(2), System.getenv());
        // Ctrl-C ends the process without closing the line.
        Runtime.getRuntime().addShutdownHook(line.clearing);
        return line;
    }

    static ProgressLine of(PrintWriter err, boolean isTerminal, Map<String, String> environment) {
        return new ProgressLine(err, isTerminal && Screen.understandsEscapes(environment));
    }

    /** Shows how many looks have ended. Ignores a smaller count than before, which a slower thread may bring late. */
    synchronized void showLooks(int done, int total) {
        if (done > looked) {
            looked = done;
            show("Looked " + done + " of " + total + " times");
        }
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
