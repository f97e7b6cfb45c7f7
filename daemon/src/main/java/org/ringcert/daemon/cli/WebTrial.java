package org.ringcert.daemon.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
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
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.front.ListeningProcess;
import org.ringcert.daemon.snippets.WebNode;
import org.ringcert.daemon.snippets.WebServer;
import org.ringcert.daemon.trial.Probe;
import org.ringcert.daemon.trial.ProbeResult;
import org.ringcert.daemon.trial.Question;
import org.ringcert.daemon.trial.Trial;
import org.ringcert.http.HttpGet;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoreLayout;

/** {@code ringcert web SERVER --try}: proves that this server answers challenges, or says who does not. */
final class WebTrial {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final WebServer server;
    private final WebNode node;
    private final ConfiguredNode loaded;
    private final Optional<InetSocketAddress> daemon;
    private final Path challenges;
    private final Listeners listeners;

    /**
     * For that server on this node.
     *
     * @param daemon where the web server hands challenges to; empty where it serves them itself
     */
    WebTrial(WebServer server, WebNode node, ConfiguredNode loaded, Optional<InetSocketAddress> daemon) {
        this.server = server;
        this.node = node;
        this.loaded = loaded;
        this.daemon = daemon;
        this.challenges = new StoreLayout(loaded.configuration().store().toAbsolutePath()).challenges();
        this.listeners = new Listeners(server);
    }

    /** @throws StoreException if the store takes no token */
    TrialReport run() throws StoreException {
        if (Files.notExists(challenges, LinkOption.NOFOLLOW_LINKS)) {
            return trouble("there is no store in " + challenges.getParent() + ", and a trial makes none: "
                    + (daemon.isPresent()
                            ? "start the daemon, which makes it (`systemctl start ringcert`)"
                            : "`ringcert renew --prepare` makes it, run as the user that is to renew")
                    + "; or name the right one by --store or in [store]");
        }
        Trial trial = new Trial(node.cluster(), node.sites(), node.httpsPort(), others(), PATIENCE);
        try (Probe probe = Probe.publish(loaded.open().challenges(), new SecureRandom())) {
            Optional<String> away = daemon.flatMap(address -> silence(address, probe.keyAuthorization()));
            if (away.isPresent()) {
                return trouble(away.get());
            }
            List<Question> questions = trial.questions();
            List<InetAddress> addresses = questions.stream()
                    .filter(question -> !question.https())
                    .map(Question::address)
                    .distinct()
                    .toList();
            if (addresses.isEmpty()) {
                return trouble(nobody());
            }
            Optional<String> another = anotherServer(addresses);
            if (another.isPresent()) {
                return trouble(another.get());
            }
            return report(trial.ask(questions, probe.keyAuthorization()), addresses);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return trouble("interrupted");
        }
    }

    private TrialReport trouble(String trouble) {
        return TrialReport.of(server, self(), trouble);
    }

    private HostName self() {
        return node.cluster().self().name();
    }

    private int port() {
        return node.cluster().self().port();
    }

    /** Addresses that the configuration gives to the other servers. */
    private Set<InetAddress> others() {
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

    /** What is wrong with the daemon itself. */
    private Optional<String> silence(InetSocketAddress address, KeyAuthorization held) {
        String who = ListeningProcess.findAll(address.getAddress(), address.getPort()).stream()
                .findFirst()
                .map(holder -> "; " + holder + " listens there")
                .orElse("");
        try {
            HttpGet.Response response = HttpGet.fetch(
                    address,
                    self().value(),
                    held.token().path(),
                    PATIENCE,
                    held.text().length());
            return response.status() == 200 && response.body().equals(held.text())
                    ? Optional.empty()
                    : Optional.of("the daemon at " + shown(address)
                            + " does not find what this command has put into " + challenges
                            + ": does it run with another configuration or store, or is it another program?" + who);
        } catch (ConnectException e) {
            return Optional.of("nothing answers at " + shown(address)
                    + ", where the daemon has to listen: start it first (`systemctl start ringcert`), then try again");
        } catch (IOException e) {
            return Optional.of("what listens at " + shown(address)
                    + " does not answer as the daemon does, which has to listen there: is it another program, or does the daemon hang?"
                    + who);
        }
    }

    /** What is wrong where the port is nobody's. */
    private String nobody() {
        List<Integer> elsewhere = listeners.ports();
        String nobody = "nothing listens on port " + port() + ": ";
        return elsewhere.isEmpty()
                ? nobody + "start " + server.label() + " (`systemctl start " + server.service() + "`)"
                : nobody + server.label() + " runs, and listens on "
                        + elsewhere.stream().map(String::valueOf).collect(Collectors.joining(", "))
                        + " only; write `" + server.listen(port()) + "` into its configuration, and restart it";
    }

    /** Whether the port is another web server's. What it answers says nothing about the one that is meant. */
    private Optional<String> anotherServer(List<InetAddress> addresses) {
        List<ListeningProcess> strangers = addresses.stream()
                .flatMap(address -> listeners.stranger(address, port()).stream())
                .toList();
        if (strangers.size() < addresses.size()) {
            return Optional.empty();
        }
        return strangers.stream()
                .flatMap(holder -> WebServer.ofProgram(holder.name())
                        .map(other -> "port " + port() + " is taken by " + holder + ", not by " + server.label()
                                + ": stop it and start " + server.label() + ", or ask it by `ringcert web "
                                + other.label() + " --try`")
                        .stream())
                .findFirst();
    }

    private TrialReport report(Map<Question, ProbeResult> outcomes, List<InetAddress> addresses) {
        List<String> troubles = new ArrayList<>();
        boolean meant = literal(node.cluster().self().address())
                .filter(InetAddress::isLoopbackAddress)
                .isPresent();
        if (!meant && addresses.stream().allMatch(InetAddress::isLoopbackAddress)) {
            troubles.add("port " + port() + " is open at "
                    + addresses.stream().map(WebTrial::shown).collect(Collectors.joining(", "))
                    + " only, where no CA comes: have " + server.label() + " listen at all addresses (`"
                    + server.listen(port()) + "`)");
        }
        List<String> notes = new ArrayList<>();
        List<TrialReport.Fault> faults =
                new Diagnosis(server, node, daemon.map(WebTrial::shown), challenges, listeners).of(outcomes, notes);
        return new TrialReport(server, self(), outcomes, faults, troubles, notes);
    }

    private static String shown(InetSocketAddress address) {
        return shown(address.getAddress()) + ":" + address.getPort();
    }

    private static String shown(InetAddress address) {
        return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }
}
