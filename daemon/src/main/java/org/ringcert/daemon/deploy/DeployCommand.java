package org.ringcert.daemon.deploy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.renew.Deployer;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.FileOwner;

/**
 * Runs the administrator's commands for new certificates, one at a time: a common command for all sites that have no
 * command of their own, and each other site's own command.
 *
 * <p>The environment has {@code RINGCERT_SITES}, the names of the sites separated by spaces, and
 * {@code RINGCERT_CERTS}, the directory {@code certs/} of the store, which contains a directory for each certificate.
 * {@code RINGCERT_RENEWED} has the names of the new certificates, which are the names of these directories. For a
 * single site there are also {@code RINGCERT_SITE}, the name of the site, and {@code RINGCERT_DIR}, the directory
 * {@code certs/SITE} of its first certificate, whichever of its certificates are new. For several sites neither is set,
 * so that a script cannot mistake the first one for all. A command has no input, and its output is kept in case it
 * fails.
 *
 * <p>A command runs as the owner of the store, even if root has started this process by hand. Files that it creates do
 * not belong to root then, and the daemon can use them.
 */
public final class DeployCommand implements Deployer {

    /** A web server reloads in a second or two, so a command that takes this long hangs. */
    public static final Duration TIME_LIMIT = Duration.ofMinutes(1);

    private static final Duration OUTPUT_TIMEOUT = Duration.ofSeconds(1);

    private final List<String> commonCommand;
    private final Map<HostName, List<String>> siteCommands;
    private final Path certificates;
    private final Duration timeout;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Creates a deployer for these commands. Each is a program and its arguments, without a shell; an empty one is not
     * run.
     *
     * @param commonCommand for all sites that are not in {@code siteCommands}
     * @param certificates {@code certs/} of the store
     * @param timeout for each run
     */
    public DeployCommand(
            List<String> commonCommand, Map<HostName, List<String>> siteCommands, Path certificates, Duration timeout) {
        this.commonCommand = List.copyOf(commonCommand);
        this.siteCommands = Map.copyOf(siteCommands);
        this.certificates = certificates;
        this.timeout = timeout;
    }

    @Override
    public Map<CertificateName, String> deploy(List<CertificateVersion> versions) {
        Map<HostName, List<CertificateName>> newCertificates = versions.stream()
                .map(CertificateVersion::name)
                .collect(Collectors.groupingBy(CertificateName::site, LinkedHashMap::new, Collectors.toList()));
        List<CertificateName> common = new ArrayList<>();
        Map<CertificateName, String> failures = new HashMap<>();
        newCertificates.forEach((site, certificatesOfSite) -> {
            List<String> ownCommand = siteCommands.get(site);
            if (ownCommand == null) {
                common.addAll(certificatesOfSite);
            } else {
                failures.putAll(run(ownCommand, certificatesOfSite));
            }
        });
        failures.putAll(run(commonCommand, common));
        return failures;
    }

    /** Runs a command for new certificates and returns how it failed, if it did, for each of them. */
    private Map<CertificateName, String> run(List<String> command, List<CertificateName> renewed) {
        return failure(command, renewed)
                .map(failure -> renewed.stream().collect(Collectors.toMap(Function.identity(), _ -> failure)))
                .orElse(Map.of());
    }

    private Optional<String> failure(List<String> command, List<CertificateName> renewed) {
        if (command.isEmpty() || renewed.isEmpty()) {
            return Optional.empty();
        }
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            return interrupted();
        }
        try {
            return runLocked(command, renewed);
        } finally {
            lock.unlock();
        }
    }

    private Optional<String> runLocked(List<String> command, List<CertificateName> renewed) {
        String name = "The deploy command";
        Process process;
        try {
            Optional<FileOwner> owner = ownerToRunAs();
            if (owner.isPresent()) {
                name += " (run as " + owner.get().name() + ", the owner of the store)";
            }
            process = start(command, renewed, owner);
        } catch (IOException e) {
            return Optional.of(name + " cannot be run: " + e.getMessage());
        }
        return await(process, name);
    }

    private Optional<String> await(Process process, String name) {
        OutputTail output = new OutputTail(process.getInputStream());
        Thread reader = Thread.ofVirtual().start(output);
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.of(
                        name + " was killed after " + timeout.toSeconds() + " seconds." + output.asMessage());
            }
            // Programs that the command leaves running in the background may keep its output open.
            reader.join(OUTPUT_TIMEOUT);
            int status = process.exitValue();
            return status == 0
                    ? Optional.empty()
                    : Optional.of(name + " failed with status " + status + "." + output.asMessage());
        } catch (InterruptedException e) {
            return interrupted();
        } finally {
            if (process.isAlive()) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private Process start(List<String> command, List<CertificateName> renewed, Optional<FileOwner> owner)
            throws IOException {
        List<String> commandLine =
                new ArrayList<>(owner.map(DeployCommand::setpriv).orElse(List.of()));
        commandLine.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(commandLine).redirectErrorStream(true);
        if (owner.isPresent()) {
            // Others may not be allowed to enter root's current directory.
            builder.directory(new File("/"));
        }
        setEnvironment(builder.environment(), renewed);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private void setEnvironment(Map<String, String> environment, List<CertificateName> renewed) {
        List<HostName> sites =
                renewed.stream().map(CertificateName::site).distinct().toList();
        environment.keySet().removeAll(List.of("RINGCERT_SITE", "RINGCERT_DIR"));
        environment.put("RINGCERT_SITES", spaceSeparated(sites));
        environment.put("RINGCERT_RENEWED", spaceSeparated(renewed));
        environment.put("RINGCERT_CERTS", certificates.toString());
        if (sites.size() == 1) {
            HostName site = sites.getFirst();
            environment.put("RINGCERT_SITE", site.value());
            environment.put(
                    "RINGCERT_DIR",
                    certificates.resolve(CertificateName.first(site).toString()).toString());
        }
    }

    private static String spaceSeparated(List<?> names) {
        return names.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    /** Returns the owner of the store if that is another user and this process is root, so that it can change users. */
    private Optional<FileOwner> ownerToRunAs() throws IOException {
        FileOwner owner = FileOwner.of(certificates);
        return owner.isRoot() || !FileOwner.isProcessRoot() ? Optional.empty() : Optional.of(owner);
    }

    /** Returns the beginning of a command line that runs the rest of it as this user. */
    private static List<String> setpriv(FileOwner owner) {
        String uid = String.valueOf(owner.uid());
        // Only a user with a name has supplementary groups that can be looked up.
        String groups = owner.name().equals(uid) ? "--clear-groups" : "--init-groups";
        return List.of("setpriv", "--reuid=" + uid, "--regid=" + owner.gid(), groups, "--");
    }

    private static Optional<String> interrupted() {
        Thread.currentThread().interrupt();
        return Optional.of("The deploy command was stopped because Ringcert is stopping.");
    }
}
