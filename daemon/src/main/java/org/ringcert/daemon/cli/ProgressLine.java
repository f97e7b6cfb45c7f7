package org.ringcert.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** A line on standard error that shows progress and disappears in the end. Only on a terminal. Thread-safe. */
final class ProgressLine implements AutoCloseable {

    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
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
        ProgressLine line = new ProgressLine(err, isTerminal());
        // Ctrl-C ends the process without closing the line.
        Runtime.getRuntime().addShutdownHook(line.clearing);
        return line;
    }

    private static boolean isTerminal() {
        try {
            Path target = Files.readSymbolicLink(STANDARD_ERROR);
            return target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
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
