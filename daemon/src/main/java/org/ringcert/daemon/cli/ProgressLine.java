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
    private final boolean isVisible;

    private ProgressLine(PrintWriter out, boolean isVisible) {
        this.out = out;
        this.isVisible = isVisible;
    }

    /** Returns a line that is shown if standard error is a terminal. */
    static ProgressLine onTerminal(PrintWriter err) {
        return new ProgressLine(err, isTerminal());
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

    /** Clears the line. */
    @Override
    public synchronized void close() {
        if (isVisible) {
            out.print(CLEAR_LINE);
            out.flush();
        }
    }
}
