package org.ringcert.it.cas;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.ringcert.demo.ChildProcess;

/** The processes of a CA that is starting. Closing this ends them, the last first, unless the start has succeeded. */
final class Startup implements AutoCloseable {

    private final Deque<ChildProcess> processes = new ArrayDeque<>();

    ChildProcess add(ChildProcess started) {
        processes.push(started);
        return started;
    }

    /** Leaves the processes running. */
    void succeeded() {
        processes.clear();
    }

    @Override
    public void close() throws IOException {
        while (!processes.isEmpty()) {
            processes.pop().close();
        }
    }
}
