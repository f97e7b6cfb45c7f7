package org.ringcert.daemon.deploy;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.renew.Deployer;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.FileOwner;

/**
 * Runs the administrator's commands after new certificates, one at a time: one for all sites that have none of their
 * own, and for those that have, theirs.
 *
 * <p>In the environment are {@code RINGCERT_SITES}, the names of the sites with blanks between, and
 * {@code RINGCERT_CERTS}, the folder {@code certs/} of the store, which has one for each site. Where there is but one
 * site, also {@code RINGCERT_SITE}, its name, and {@code RINGCERT_DIR}, its folder {@code certs/SITE}; where there are
 * more, neither is set, so that a script cannot take the first for all. A command has no input, and its output is kept
 * for the case that it fails.
 *
 * <p>It runs as the owner of the store, also where root has started this process by hand: what it leaves behind is then
 * not root's, and the daemon can use it.
 */
public final class DeployCommand implements Deployer {

    /** A web server reloads in a second or two; a command that takes this long hangs. */
    public static final Duration TIME_LIMIT = Duration.ofMinutes(1);

    private static final int OUTPUT_KEPT = 2000;

    private final List<String> command;
    private final Map<HostName, List<String>> ofSites;
    private final Path certificates;
    private final Duration limit;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    /**
     * Commands and what they are told. Each is a program and its arguments, no shell; an empty one is not run.
     *
     * @param command for all sites that are not in {@code ofSites}
     * @param certificates {@code certs/} of the store
     * @param limit for each run
     */
    public DeployCommand(List<String> command, Map<HostName, List<String>> ofSites, Path certificates, Duration limit) {
        this.command = List.copyOf(command);
        this.ofSites = Map.copyOf(ofSites);
        this.certificates = certificates;
        this.limit = limit;
    }

    @Override
    public Map<HostName, String> deploy(List<CertificateVersion> versions) {
        List<HostName> common = new ArrayList<>();
        Map<HostName, String> failures = new HashMap<>();
        for (CertificateVersion version : versions) {
            HostName site = version.site();
            List<String> own = ofSites.get(site);
            if (own == null) {
                common.add(site);
            } else {
                run(own, List.of(site)).ifPresent(failure -> failures.put(site, failure));
            }
        }
        run(command, common).ifPresent(failure -> common.forEach(site -> failures.put(site, failure)));
        return failures;
    }

    private Optional<String> run(List<String> words, List<HostName> sites) {
        if (words.isEmpty() || sites.isEmpty()) {
            return Optional.empty();
        }
        try {
            oneAtATime.lockInterruptibly();
        } catch (InterruptedException e) {
            return interrupted();
        }
        try {
            return runAlone(words, sites);
        } finally {
            oneAtATime.unlock();
        }
    }

    private void tell(Map<String, String> environment, List<HostName> sites) {
        environment.keySet().removeAll(List.of("RINGCERT_SITE", "RINGCERT_DIR"));
        environment.put("RINGCERT_SITES", sites.stream().map(HostName::value).collect(Collectors.joining(" ")));
        environment.put("RINGCERT_CERTS", certificates.toString());
        if (sites.size() == 1) {
            String site = sites.getFirst().value();
            environment.put("RINGCERT_SITE", site);
            environment.put("RINGCERT_DIR", certificates.resolve(site).toString());
        }
    }

    private Optional<String> runAlone(List<String> words, List<HostName> sites) {
        Process process;
        String name = "The deploy command";
        try {
            Optional<FileOwner> owner = otherOwner();
            if (owner.isPresent()) {
                name += " (run as " + owner.get().name() + ", the owner of the store)";
            }
            process = start(words, sites, owner);
        } catch (IOException e) {
            return Optional.of(name + " cannot be run: " + e.getMessage());
        }
        Tail output = new Tail(process.getInputStream());
        Thread reader = Thread.ofVirtual().start(output);
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.of(name + " was ended after " + limit.toSeconds() + " seconds." + output.quoted());
            }
            // what the command left running in the background may hold its output open
            reader.join(Duration.ofSeconds(1));
            int status = process.exitValue();
            return status == 0
                    ? Optional.empty()
                    : Optional.of(name + " failed with status " + status + "." + output.quoted());
        } catch (InterruptedException e) {
            return interrupted();
        } finally {
            if (process.isAlive()) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private Process start(List<String> words, List<HostName> sites, Optional<FileOwner> owner) throws IOException {
        List<String> all = new ArrayList<>(owner.map(DeployCommand::setpriv).orElse(List.of()));
        all.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
        if (owner.isPresent()) {
            // root's own folder may be closed to others
            builder.directory(new File("/"));
        }
        tell(builder.environment(), sites);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /** Returns the owner of the store if this process is root and can therefore run a command as that user. */
    private Optional<FileOwner> otherOwner() throws IOException {
        FileOwner owner = FileOwner.of(certificates);
        return owner.isRoot() || !FileOwner.isProcessRoot() ? Optional.empty() : Optional.of(owner);
    }

    /** Returns what runs a command as that user when put before it. */
    private static List<String> setpriv(FileOwner owner) {
        String uid = String.valueOf(owner.uid());
        // Supplementary groups can be looked up for a user with a name only.
        String groups = owner.name().equals(uid) ? "--clear-groups" : "--init-groups";
        return List.of("setpriv", "--reuid=" + uid, "--regid=" + owner.gid(), groups, "--");
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
