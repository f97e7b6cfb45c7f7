package org.ringcert.daemon.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.TestChallenge;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.front.ListeningProcess;
import org.ringcert.daemon.snippets.WebNode;
import org.ringcert.daemon.snippets.WebServer;
import org.ringcert.daemon.trial.Probe;
import org.ringcert.daemon.trial.ProbeResult;
import org.ringcert.daemon.trial.Trial;
import org.ringcert.http.HttpGet;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoreLayout;

/** {@code ringcert web SERVER --try}: checks that this server answers challenges, and reports what does not. */
final class WebTrial {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final WebServer server;
    private final WebNode node;
    private final ConfiguredNode configured;
    private final Optional<InetSocketAddress> daemon;
    private final Path challenges;
    private final PortOwners portOwners;

    /**
     * Creates a trial of a web server on this node.
     *
     * @param daemon the address to which the web server passes challenges on; empty if it serves them itself
     */
    WebTrial(WebServer server, WebNode node, ConfiguredNode configured, Optional<InetSocketAddress> daemon) {
        this.server = server;
        this.node = node;
        this.configured = configured;
        this.daemon = daemon;
        this.challenges = new StoreLayout(configured.configuration().store().toAbsolutePath()).challenges();
        this.portOwners = new PortOwners(server);
    }

    /**
     * Runs the trial.
     *
     * @throws StoreException if the token cannot be stored
     */
    TrialReport run() throws StoreException {
        if (Files.notExists(challenges, LinkOption.NOFOLLOW_LINKS)) {
            return problem("there is no store in " + challenges.getParent() + ", and --try does not create one: "
                    + (daemon.isPresent()
                            ? "start the daemon, which creates it (`systemctl start ringcert`)"
                            : "run `ringcert renew --prepare` as the user that renews certificates")
                    + "; or name the right store with --store or in [store]");
        }
        Trial trial =
                new Trial(node.cluster(), node.sites(), ownUniqueNames(), node.httpsPort(), peerAddresses(), TIMEOUT);
        try (TestChallenge challenge = TestChallenge.publish(configured.open().challenges(), new SecureRandom())) {
            Optional<String> daemonProblem =
                    daemon.flatMap(address -> checkDaemon(address, challenge.keyAuthorization()));
            if (daemonProblem.isPresent()) {
                return problem(daemonProblem.get());
            }
            List<Probe> probes = trial.probes();
            List<InetAddress> addresses = probes.stream()
                    .filter(probe -> !probe.https())
                    .map(Probe::address)
                    .distinct()
                    .toList();
            if (addresses.isEmpty()) {
                return problem(nothingListens());
            }
            Optional<String> otherServer = checkListener(addresses);
            if (otherServer.isPresent()) {
                return problem(otherServer.get());
            }
            return report(trial.run(probes, challenge.keyAuthorization()), addresses);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return problem("interrupted");
        }
    }

    private TrialReport problem(String problem) {
        return TrialReport.withoutProbes(server, self(), problem);
    }

    private HostName self() {
        return node.cluster().self().name();
    }

    private int port() {
        return node.cluster().self().port();
    }

    /** The others lead to the same servers, and are no different to a web server. */
    private List<HostName> ownUniqueNames() {
        return configured.configuration().sites().stream()
                .flatMap(site -> configured.configuration().uniqueName(site, configured.self()).stream())
                .toList();
    }

    /** Returns the addresses that the configuration assigns to the other servers. */
    private Set<InetAddress> peerAddresses() {
        return node.cluster().peers().stream()
                .map(Node::address)
                .flatMap(address -> literal(address).stream())
                .collect(Collectors.toSet());
    }

    private static Optional<InetAddress> literal(String address) {
        try {
            return Optional.of(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Requests the challenge from the daemon itself, and returns what is wrong. */
    private Optional<String> checkDaemon(InetSocketAddress address, KeyAuthorization challenge) {
        String listener = ListeningProcess.findAll(address.getAddress(), address.getPort()).stream()
                .findFirst()
                .map(holder -> "; " + holder + " listens there")
                .orElse("");
        try {
            HttpGet.Response response = HttpGet.fetch(
                    address,
                    self().value(),
                    challenge.token().path(),
                    TIMEOUT,
                    challenge.text().length());
            return response.status() == 200 && response.body().equals(challenge.text())
                    ? Optional.empty()
                    : Optional.of("the daemon at " + shown(address)
                            + " does not find the token that this command has written to " + challenges
                            + ": does it use another configuration or store, or is it another program?" + listener);
        } catch (ConnectException e) {
            return Optional.of("nothing answers at " + shown(address)
                    + ", where the daemon must listen: start it first (`systemctl start ringcert`), then try again");
        } catch (IOException e) {
            return Optional.of("the program at " + shown(address)
                    + ", where the daemon must listen, does not answer as the daemon does: is it another program, or does the daemon hang?"
                    + listener);
        }
    }

    /** Explains why nothing listens on the port. */
    private String nothingListens() {
        List<Integer> ports = portOwners.ports();
        String message = "nothing listens on port " + port() + ": ";
        return ports.isEmpty()
                ? message + "start " + server.label() + " (`systemctl start " + server.service() + "`)"
                : message + server.label() + " runs but listens on "
                        + ports.stream().map(String::valueOf).collect(Collectors.joining(", "))
                        + " only; write `" + server.listen(port()) + "` into its configuration and restart it";
    }

    /**
     * Returns a problem if another web server uses the port: its answers would say nothing about the one in question.
     */
    private Optional<String> checkListener(List<InetAddress> addresses) {
        List<ListeningProcess> otherPrograms = addresses.stream()
                .flatMap(address -> portOwners.otherProgram(address, port()).stream())
                .toList();
        if (otherPrograms.size() < addresses.size()) {
            return Optional.empty();
        }
        return otherPrograms.stream()
                .flatMap(holder -> WebServer.ofProgram(holder.name())
                        .map(other -> "port " + port() + " is taken by " + holder + ", not by " + server.label()
                                + ": stop it and start " + server.label()
                                + ", or test the other one with `ringcert web "
                                + other.label() + " --try`")
                        .stream())
                .findFirst();
    }

    private TrialReport report(Map<Probe, ProbeResult> results, List<InetAddress> addresses) {
        List<String> problems = new ArrayList<>();
        boolean loopbackIsIntended = literal(node.cluster().self().address())
                .filter(InetAddress::isLoopbackAddress)
                .isPresent();
        if (!loopbackIsIntended && addresses.stream().allMatch(InetAddress::isLoopbackAddress)) {
            problems.add("port " + port() + " is open at "
                    + addresses.stream().map(TrialReport::shown).collect(Collectors.joining(", "))
                    + " only, which no CA can reach: make " + server.label() + " listen at all addresses (`"
                    + server.listen(port()) + "`)");
        }
        List<String> notes = new ArrayList<>();
        List<TrialReport.WrongAnswer> wrongAnswers = new Diagnosis(
                        server, node, daemon.map(WebTrial::shown), challenges, portOwners)
                .diagnose(results, notes);
        return new TrialReport(server, self(), results, wrongAnswers, problems, notes);
    }

    private static String shown(InetSocketAddress address) {
        return TrialReport.shown(address.getAddress()) + ":" + address.getPort();
    }
}
