package org.ringcert.daemon.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.ringcert.cluster.PrintableText;

/** Reads all output of a process and keeps the end of it. Thread-safe. */
final class OutputTail implements Runnable {

    private static final int MAX_KEPT = 2000;
    private static final int MAX_LINE = 300;

    private final InputStream in;
    private final StringBuilder tail = new StringBuilder();

    OutputTail(InputStream in) {
        this.in = in;
    }

    @Override
    public void run() {
        byte[] buffer = new byte[4096];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                keep(new String(buffer, 0, n, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // The process was killed; what it has printed is kept.
        }
    }

    private synchronized void keep(String text) {
        tail.append(text);
        if (tail.length() > MAX_KEPT) {
            tail.delete(0, tail.length() - MAX_KEPT);
        }
    }

    /** Returns the last line of the output that is not blank, on at most 300 printable characters; empty if none. */
    synchronized String lastLine() {
        return tail.toString()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .reduce((_, later) -> later)
                .map(line -> PrintableText.of(line, MAX_LINE))
                .orElse("");
    }

    /** Returns the end of the output as part of a message, without control characters except tabs and line ends. */
    synchronized String asMessage() {
        String text = tail.toString().replaceAll("[\\p{Cntrl}&&[^\n\t]]", "").strip();
        return text.isEmpty() ? " It printed nothing." : " The end of its output:\n" + text;
    }
}
