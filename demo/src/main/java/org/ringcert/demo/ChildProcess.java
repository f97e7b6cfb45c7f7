package org.ringcert.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A process of this machine that ends with this one, whose output goes to a file. Where {@code setpriv} is there (as on
 * every Debian) the kernel sees to that, also if this process is killed; elsewhere a shutdown hook does what it can.
 * All methods may be called from any thread; where one waits, an interrupt ends it with
 * {@link java.io.InterruptedIOException} and the thread's interrupt status set.
 */
public final class ChildProcess implements AutoCloseable {

    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final Duration TO_DIE = Duration.ofSeconds(10);
    private static final long GLANCE_MILLIS = 20;

    private final String name;
    private final Process process;
    private final Path output;
    private final long begin;
    private final Thread hook;

    private ChildProcess(String name, Process process, Path output, long begin) {
        this.name = name;
        this.process = process;
        this.output = output;
        this.begin = begin;
        this.hook = new Thread(process::destroyForcibly, "end of " + name);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts it.
     *
     * @param name what messages call it
     * @param environment is added to that of this process
     * @param output gets what it says on both streams, after what is there already
     */
    public static ChildProcess start(String name, List<String> command, Map<String, String> environment, Path output)
            throws IOException {
        List<String> all = new ArrayList<>();
        if (Files.isExecutable(SETPRIV)) {
            all.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "KILL", "--"));
        }
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment);
        long begin = Files.exists(output) ? Files.size(output) : 0;
        CompletableFuture<Process> started = new CompletableFuture<>();
        // The kernel takes the end of the thread that started it for the end of its parent, so this one stays as long
        // as the child.
        Thread.ofPlatform().daemon().name("parent of " + name).start(() -> {
            try {
                Process process = builder.start();
                started.complete(process);
                process.waitFor();
            } catch (IOException e) {
                started.completeExceptionally(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
        });
        try {
            Process process = started.get();
            process.getOutputStream().close();
            return new ChildProcess(name, process, output, begin);
        } catch (ExecutionException e) {
            throw new IOException("%s cannot be started: %s".formatted(name, e.getMessage()), e);
        } catch (InterruptedException e) {
            var _ = started.thenAccept(Process::destroyForcibly);
            throw Programs.interrupted(e);
        }
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit status, 128 and the signal's number where one has ended it; nothing while it runs. */
    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** What it has said so far, or the last MiB of that; not what was in the file before. */
    public String output() throws IOException {
        return Programs.text(output, begin);
    }

    /**
     * Waits for a line of its output, from the first it ever wrote, and returns it.
     *
     * @throws IOException if it ends or the time is over before; the message has its last words
     */
    public String awaitLine(Predicate<String> wanted, Duration atMost) throws IOException {
        long began = System.nanoTime();
        while (true) {
            // Asked first: what it wrote before its end is read after.
            boolean alive = process.isAlive();
            String said = output();
            var line = said.lines().filter(wanted).findFirst();
            if (line.isPresent()) {
                return line.get();
            }
            if (!alive) {
                throw new IOException("%s has ended with %d, before it said what was waited for: %s"
                        .formatted(name, process.exitValue(), Programs.end(said)));
            }
            if (System.nanoTime() - began > atMost.toNanos()) {
                throw new IOException("%s has not said within %s what was waited for: %s"
                        .formatted(name, atMost, Programs.end(said)));
            }
            glance();
        }
    }

    /** Asks it to end (SIGTERM), and does not wait. */
    public void terminate() {
        process.destroy();
    }

    /** Ends it without a word (SIGKILL), and waits until it is gone. */
    public void kill() throws IOException {
        process.destroyForcibly();
        awaitExit(TO_DIE);
    }

    /** Sends it a signal, by its name without SIG: STOP makes it silent, CONT lets it go on, HUP. */
    public void signal(String signal) throws IOException {
        Programs.run(
                List.of("/bin/sh", "-c", "kill -s \"$0\" \"$1\"", signal, String.valueOf(pid())),
                Map.of(),
                Path.of("/"),
                TO_DIE);
    }

    /**
     * Waits until it has ended and returns its exit status.
     *
     * @throws IOException if it has not ended by then
     */
    public int awaitExit(Duration atMost) throws IOException {
        try {
            if (!process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("%s has not ended within %s: %s".formatted(name, atMost, Programs.end(output())));
            }
            forget();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw Programs.interrupted(e);
        }
    }

    /** Kills it if it is still there. Its output stays. */
    @Override
    public void close() throws IOException {
        kill();
    }

    /** Waits for a moment while it lives. */
    void glance() throws IOException {
        try {
            process.waitFor(GLANCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw Programs.interrupted(e);
        }
    }

    private void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This process is on its way out: the hook has run or will.
        }
    }
}
