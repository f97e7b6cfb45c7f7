package org.ringcert.daemon.check;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

/** Runs tasks on virtual threads, a limited number at a time. */
final class ParallelTasks {

    private static final int MAX_AT_A_TIME = 16;

    private ParallelTasks() {}

    /** Returns the results in the order of the tasks. If this thread is interrupted, so are the tasks. */
    static <T> List<T> run(List<Callable<T>> tasks) throws InterruptedException {
        Semaphore slots = new Semaphore(MAX_AT_A_TIME);
        List<PendingResult<T>> pending = new ArrayList<>();
        try {
            for (Callable<T> task : tasks) {
                pending.add(PendingResult.start(() -> {
                    slots.acquire();
                    try {
                        return task.call();
                    } finally {
                        slots.release();
                    }
                }));
            }
            List<T> results = new ArrayList<>();
            for (PendingResult<T> each : pending) {
                results.add(each.await());
            }
            return results;
        } finally {
            pending.forEach(PendingResult::close);
        }
    }
}
