package org.ringcert.daemon.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.ringcert.renew.Deployer;
import org.ringcert.store.Version;

/**
 * Runs the administrator's command after a new certificate, one at a time. In its environment are {@code RINGCERT_SITE}, the site's name, and {@code RINGCERT_DIR}, the folder
 * that the web server's configuration names: {@code certs/SITE} of the store. It has no input, and its output is kept for the case that it fails.
 */
public final class DeployCommand implements Deployer {

    /** A web server reloads in a second or two; a command that takes this long hangs. */
    public static final Duration TIME_LIMIT = Duration.ofMinutes(1);

    private static final int OUTPUT_KEPT = 2000;

    private final List<String> command;
    private final Path certificates;
    private final Duration limit;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    /**
     * A command and what it is told.
     *
     * @param command program and arguments, no shell
     * @param certificates {@code certs/} of the store
     */
    public DeployCommand(List<String> command, Path certificates, Duration limit) {
        this.command = List.copyOf(command);
        this.certificates = certificates;
        this.limit = limit;
    }

    @Override
    public Optional<String> deploy(Version version) {
        try {
            oneAtATime.lockInterruptibly();
        } catch (InterruptedException e) {
            return interrupted();
        }
        try {
            return run(version.site().value());
        } finally {
            oneAtATime.unlock();
        }
    }

    private Optional<String> run(String site) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "RINGCERT_SITE",
                        site,
                        "RINGCERT_DIR",
                        certificates.resolve(site).toString()));
        Process process;
        try {
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            return Optional.of("The deploy command cannot be run: " + e.getMessage());
        }
        Tail output = new Tail(process.getInputStream());
        Thread reader = Thread.ofVirtual().start(output);
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.of(
                        "The deploy command was ended after " + limit.toSeconds() + " seconds." + output.quoted());
            }
            // what the command left running in the background may hold its output open
            reader.join(Duration.ofSeconds(1));
            int status = process.exitValue();
            return status == 0
                    ? Optional.empty()
                    : Optional.of("The deploy command failed with status " + status + "." + output.quoted());
        } catch (InterruptedException e) {
            return interrupted();
        } finally {
            if (process.isAlive()) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private static Optional<String> interrupted() {
        Thread.currentThread().interrupt();
        return Optional.of("The deploy command was ended with the program.");
    }

    /** Reads all, keeps the end. */
    private static final class Tail implements Runnable {
        private final InputStream in;
        private final StringBuilder end = new StringBuilder();

        Tail(InputStream in) {
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
                keep("");
            }
        }

        private synchronized void keep(String text) {
            end.append(text);
            if (end.length() > OUTPUT_KEPT) {
                end.delete(0, end.length() - OUTPUT_KEPT);
            }
        }

        /** The end of the output as a part of a sentence; control characters but line ends are taken out. */
        synchronized String quoted() {
            String text = end.toString().replaceAll("[\\p{Cntrl}&&[^\n\t]]", "").strip();
            return text.isEmpty() ? " It said nothing." : " The end of what it said:\n" + text;
        }
    }
}
