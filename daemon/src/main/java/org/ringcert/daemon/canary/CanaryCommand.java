package org.ringcert.daemon.canary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.process.CommandRunner;
import org.ringcert.pki.Pem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The administrator's command that tests a renewed certificate. Its environment has {@code RINGCERT_SITE}, the name of
 * the site; {@code RINGCERT_NODE}, the server that has the certificate; {@code RINGCERT_ADDRESS}, the host and port
 * where it is presented; and {@code RINGCERT_CHAIN}, a file with the chain as it was presented. A certificate that it
 * has accepted is not tested again. Thread-safe.
 */
final class CanaryCommand {

    private static final Logger log = LoggerFactory.getLogger(CanaryCommand.class);

    /** By convention of shells, the statuses of a program that cannot be run or found. */
    private static final List<Integer> NOT_RUN = List.of(126, 127);

    private final List<String> command;
    private final CommandRunner runner;
    private final Map<Tested, List<X509Certificate>> accepted = new ConcurrentHashMap<>();

    /** What has one certificate at a time. */
    private record Tested(HostName site, HostName node, String keyAlgorithm) {}

    /** @param command a program and its arguments, without a shell; nothing is run if it is empty */
    CanaryCommand(List<String> command, CommandRunner runner) {
        this.command = List.copyOf(command);
        this.runner = runner;
    }

    /**
     * Runs the command and waits until it has ended, unless it has accepted the latest chain of this server before.
     *
     * @param chain leaf first
     * @return why it refuses the certificate; empty if it accepts the certificate, or says nothing because it could not
     *     be run or did not end in time. Otherwise, a mistake in the command would hold up all servers.
     */
    Optional<String> refusal(HostName site, HostName node, String host, int port, List<X509Certificate> chain) {
        Tested tested = new Tested(site, node, chain.getFirst().getPublicKey().getAlgorithm());
        if (command.isEmpty() || chain.equals(accepted.get(tested))) {
            return Optional.empty();
        }
        Optional<Path> file = Optional.empty();
        try {
            file = Optional.of(write(chain));
            Map<String, String> variables = Map.of(
                    "RINGCERT_SITE", site.value(),
                    "RINGCERT_NODE", node.value(),
                    "RINGCERT_ADDRESS", host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port,
                    "RINGCERT_CHAIN", file.get().toString());
            CommandRunner.Result result = runner.execute(command, environment -> environment.putAll(variables));
            if (result instanceof CommandRunner.Result.Succeeded) {
                accepted.put(tested, List.copyOf(chain));
            }
            return refusal(site, result);
        } catch (IOException e) {
            saysNothing(site, "the file with the chain could not be written: " + e.getMessage());
            return Optional.empty();
        } finally {
            file.ifPresent(CanaryCommand::delete);
        }
    }

    private Optional<String> refusal(HostName site, CommandRunner.Result result) {
        switch (result) {
            case CommandRunner.Result.Succeeded() -> {}
            case CommandRunner.Result.Failed(int status, String text, String lastLine) -> {
                if (!NOT_RUN.contains(status)) {
                    return Optional.of("the [check] canary command refuses it"
                            + (lastLine.isEmpty() ? " with status " + status : ": " + lastLine));
                }
                saysNothing(site, text);
            }
            case CommandRunner.Result.NotCompleted(String text) -> {
                if (!Thread.currentThread().isInterrupted()) {
                    saysNothing(site, text);
                }
            }
        }
        return Optional.empty();
    }

    private static void saysNothing(HostName site, String reason) {
        log.warn(
                "{}: a renewed certificate was tested without `canary` in [check], because the command said nothing: {}",
                site,
                reason);
    }

    /** The command may run as another user than this process. */
    private static Path write(List<X509Certificate> chain) throws IOException {
        Path file = Files.createTempFile("ringcert-canary", ".pem");
        Files.writeString(file, Pem.write(chain));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.debug("{} was not deleted", file, e);
        }
    }
}
