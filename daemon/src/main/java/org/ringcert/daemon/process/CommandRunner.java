package org.ringcert.daemon.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.ringcert.store.FileOwner;

/**
 * Runs commands of the administrator, one at a time and each for a limited time. A command has no input, and the end of
 * its output is kept in case it fails. One that runs too long is killed with all its descendants. Programs that it
 * leaves running when it ends stay.
 *
 * <p>A command runs as the owner of the store, even if root has started this process by hand. Files that it creates do
 * not belong to root then, and the daemon can use them. Thread-safe.
 */
public final class CommandRunner {

    /** A web server reloads in a second or two, and a message is sent as fast: a command that takes this long hangs. */
    public static final Duration TIME_LIMIT = Duration.ofMinutes(1);

    private static final Duration OUTPUT_TIMEOUT = Duration.ofSeconds(1);

    private final String name;
    private final Path owned;
    private final Duration timeout;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Creates a runner.
     *
     * @param name begins the sentences about failures: "The deploy command"
     * @param owned belongs to the user whom commands run as, if this process is root
     * @param timeout for each run
     */
    public CommandRunner(String name, Path owned, Duration timeout) {
        this.name = name;
        this.owned = owned;
        this.timeout = timeout;
    }

    /** How a command ended. */
    public sealed interface Result {

        /** It ended with status 0. */
        record Succeeded() implements Result {}

        /**
         * It ended with another status.
         *
         * @param text says so, in sentences for a person
         * @param lastLine the last line of its output, printable; empty if it printed nothing
         */
        record Failed(int status, String text, String lastLine) implements Result {}

        /**
         * It could not be run, or did not end by itself.
         *
         * @param text says so, in sentences for a person
         */
        record NotCompleted(String text) implements Result {}
    }

    /**
     * Runs a command as {@link #execute} does.
     *
     * @return how it failed, in sentences for a person; empty if it has ended with status 0
     */
    public Optional<String> run(List<String> command, Consumer<Map<String, String>> environment) {
        return switch (execute(command, environment)) {
            case Result.Succeeded() -> Optional.empty();
            case Result.Failed failed -> Optional.of(failed.text());
            case Result.NotCompleted(String text) -> Optional.of(text);
        };
    }

    /**
     * Runs a command and waits until it has ended. If the thread is interrupted, the command is killed with its
     * descendants, and the thread stays interrupted.
     *
     * @param command a program and its arguments, without a shell
     * @param environment changes the environment of this process for the command
     */
    public Result execute(List<String> command, Consumer<Map<String, String>> environment) {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            return interrupted();
        }
        try {
            return runLocked(command, environment);
        } finally {
            lock.unlock();
        }
    }

    /** Returns why the program of a command cannot be run now, half a sentence. Empty if it can, as far as is known. */
    public Optional<String> problem(List<String> command) {
        return ProgramFile.problem(command.getFirst(), System.getenv().getOrDefault("PATH", ""), owned);
    }

    private Result runLocked(List<String> command, Consumer<Map<String, String>> environment) {
        String nameWithUser = name;
        Process process;
        try {
            Optional<FileOwner> owner = ownerToRunAs();
            if (owner.isPresent()) {
                nameWithUser += " (run as " + owner.get().name() + ", the owner of the store)";
            }
            process = start(command, environment, owner);
        } catch (IOException e) {
            return new Result.NotCompleted(nameWithUser + " cannot be run: " + e.getMessage());
        }
        return await(process, nameWithUser);
    }

    private Result await(Process process, String nameWithUser) {
        OutputTail output = new OutputTail(process.getInputStream());
        Thread reader = Thread.ofVirtual().start(output);
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Result.NotCompleted(
                        nameWithUser + " was killed after " + timeout.toSeconds() + " seconds." + output.asMessage());
            }
            // Programs that the command leaves running in the background may keep its output open.
            reader.join(OUTPUT_TIMEOUT);
            int status = process.exitValue();
            return status == 0
                    ? new Result.Succeeded()
                    : new Result.Failed(
                            status,
                            nameWithUser + " failed with status " + status + "." + output.asMessage(),
                            output.lastLine());
        } catch (InterruptedException e) {
            return interrupted();
        } finally {
            if (process.isAlive()) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private Process start(List<String> command, Consumer<Map<String, String>> environment, Optional<FileOwner> owner)
            throws IOException {
        List<String> commandLine =
                new ArrayList<>(owner.map(CommandRunner::setpriv).orElse(List.of()));
        commandLine.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(commandLine).redirectErrorStream(true);
        if (owner.isPresent()) {
            // Others may not be allowed to enter root's current directory.
            builder.directory(new File("/"));
        }
        environment.accept(builder.environment());
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /** Returns the owner of the store if that is another user and this process is root, so that it can change users. */
    private Optional<FileOwner> ownerToRunAs() throws IOException {
        FileOwner owner = FileOwner.of(owned);
        return owner.isRoot() || !FileOwner.isProcessRoot() ? Optional.empty() : Optional.of(owner);
    }

    /** Returns the beginning of a command line that runs the rest of it as this user. */
    private static List<String> setpriv(FileOwner owner) {
        String uid = String.valueOf(owner.uid());
        // Only a user with a name has supplementary groups that can be looked up.
        String groups = owner.name().equals(uid) ? "--clear-groups" : "--init-groups";
        return List.of("setpriv", "--reuid=" + uid, "--regid=" + owner.gid(), groups, "--");
    }

    private Result interrupted() {
        Thread.currentThread().interrupt();
        return new Result.NotCompleted(name + " was stopped because Ringcert is stopping.");
    }
}
