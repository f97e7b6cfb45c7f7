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
 * A process that writes its output to a file and ends when this process ends. If {@code setpriv} is installed (as on
 * every Debian), the kernel ends it even when this process is killed; otherwise a shutdown hook does it when the JVM
 * exits normally. Thread-safe. A method that waits throws {@link java.io.InterruptedIOException} when it is
 * interrupted, and sets the thread's interrupt status.
 */
public final class ChildProcess implements AutoCloseable {

    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 20;

    private final String name;
    private final Process process;
    private final Path output;
    private final long outputStart;
    private final Thread hook;

    private ChildProcess(String name, Process process, Path output, long outputStart) {
        this.name = name;
        this.process = process;
        this.output = output;
        this.outputStart = outputStart;
        this.hook = new Thread(process::destroyForcibly, "kill " + name);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts a process. Its standard input is empty.
     *
     * @param name for messages
     * @param environment variables to add to those of this process
     * @param output receives standard output and standard error, appended to what the file already has
     * @throws IOException if the program cannot be started; the message names it
     */
    public static ChildProcess start(String name, List<String> command, Map<String, String> environment, Path output)
            throws IOException {
        List<String> fullCommand = new ArrayList<>();
        if (Files.isExecutable(SETPRIV)) {
            fullCommand.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "KILL", "--"));
        }
        fullCommand.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(fullCommand)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment);
        long outputStart = Files.exists(output) ? Files.size(output) : 0;
        CompletableFuture<Process> started = new CompletableFuture<>();
        // For the kernel, the parent ends when the thread that started the child ends. So this thread lives as long as
        // the child.
        Thread.ofPlatform().daemon().name("parent of " + name).start(() -> {
            try {
                Process process = builder.start();
                started.complete(process);
                process.waitFor();
            } catch (IOException e) {
                started.completeExceptionally(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException("this thread is never interrupted", e);
            }
        });
        try {
            Process process = started.get();
            process.getOutputStream().close();
            return new ChildProcess(name, process, output, outputStart);
        } catch (ExecutionException e) {
            throw new IOException("%s cannot be started: %s".formatted(name, e.getMessage()), e);
        } catch (InterruptedException e) {
            var _ = started.thenAccept(Process::destroyForcibly);
            throw Programs.interrupted(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Returns the exit status, which is 128 plus the signal's number if a signal ended the process; empty while it is
     * running.
     */
    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** Returns the output so far, at most its last MiB. What the file already had before is not included. */
    public String output() throws IOException {
        return Programs.read(output, outputStart);
    }

    /**
     * Waits until a line of the output matches and returns it. Lines that were written before the call count as well.
     *
     * @throws IOException if the process ends or the timeout expires first; the message has the last lines of output
     */
    public String awaitLine(Predicate<String> wanted, Duration timeout) throws IOException {
        long start = System.nanoTime();
        while (true) {
            // Checked before the output is read: what the process wrote before its end must not be missed.
            boolean alive = process.isAlive();
            String written = output();
            var line = written.lines().filter(wanted).findFirst();
            if (line.isPresent()) {
                return line.get();
            }
            if (!alive) {
                throw new IOException("%s ended with %d before it printed the expected line: %s"
                        .formatted(name, process.exitValue(), Programs.lastLines(written)));
            }
            if (System.nanoTime() - start > timeout.toNanos()) {
                throw new IOException("%s did not print the expected line within %s: %s"
                        .formatted(name, timeout, Programs.lastLines(written)));
            }
            pause();
        }
    }

    /** Asks the process to end (SIGTERM). Does not wait. */
    public void terminate() {
        process.destroy();
    }

    /** Kills the process (SIGKILL) and waits until it has ended. */
    public void kill() throws IOException {
        process.destroyForcibly();
        awaitExit(KILL_TIMEOUT);
    }

    /**
     * Sends a signal.
     *
     * @param signal its name without SIG, such as HUP; STOP suspends the process, CONT resumes it
     */
    public void signal(String signal) throws IOException {
        Programs.run(
                List.of("/bin/sh", "-c", "kill -s \"$0\" \"$1\"", signal, String.valueOf(pid())),
                Map.of(),
                Path.of("/"),
                KILL_TIMEOUT);
    }

    /**
     * Waits until the process has ended and returns its exit status.
     *
     * @throws IOException if the timeout expires first; the message has the last lines of output
     */
    public int awaitExit(Duration timeout) throws IOException {
        try {
            if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException(
                        "%s has not ended within %s: %s".formatted(name, timeout, Programs.lastLines(output())));
            }
            removeHook();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw Programs.interrupted(e);
        }
    }

    /** Kills the process if it is still running. The output file stays. */
    @Override
    public void close() throws IOException {
        kill();
    }

    /** Waits a few milliseconds, or until the process ends. */
    void pause() throws IOException {
        try {
            process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw Programs.interrupted(e);
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This JVM is shutting down: the hook has run or will run.
        }
    }
}
