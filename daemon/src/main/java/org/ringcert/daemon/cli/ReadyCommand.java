package org.ringcert.daemon.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.ProbeSession;
import org.ringcert.daemon.ReadyLooks;
import org.ringcert.daemon.check.FrontState;
import org.ringcert.daemon.config.ConfigurationException;
import org.ringcert.daemon.config.DurationText;
import org.ringcert.daemon.config.ListenAddress;
import org.ringcert.daemon.ready.ReadinessJson;
import org.ringcert.daemon.ready.ReadinessText;
import org.ringcert.daemon.ready.ReadyQuestion;
import org.ringcert.store.StoreException;
import org.ringcert.view.ready.Readiness;
import org.ringcert.view.ready.Readiness.Reason;
import org.ringcert.view.ready.Readiness.Weight;

/** {@code ringcert ready}: may a site move to a server now? */
final class ReadyCommand extends Command {

    private final Supplier<String> site = parameter("SITE", "any name of the site");
    private final Supplier<Optional<String>> target =
            optionalParameter("NODE", "the server that it moves to, by its name or first label (default: this one)");
    private final Supplier<Optional<String>> minRemaining = option(
            "--min-left",
            "DURATION",
            "how long the certificate must still be valid there: a number and its unit, ms, s, m, h or d (default: 1d)");
    private final BooleanSupplier json = flag("--json", "print JSON for programs; later versions only add keys");
    private final NodeOptions options = new NodeOptions(this);

    ReadyCommand() {
        super(
                "Says whether a site may move to a server now: whether visitors get a good certificate there, and whether"
                        + " a CA that asks there gets its answer.",
                "Asks the running daemon, or looks itself if there is none. Nothing is ordered or moved. The exit status"
                        + " is 0 if the site may move, and 1 if not; each reason is one line.");
    }

    @Override
    public Integer call() throws Exception {
        ConfiguredNode node = options.load();
        ReadyQuestion question = question(node);
        Optional<ReadyReply> ofDaemon = askDaemon(node, question);
        ReadyReply reply = ofDaemon.isPresent() ? ofDaemon.get() : look(node, question);
        boolean isPrinted = print(reply.text());
        return isPrinted && reply.isReady() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private ReadyQuestion question(ConfiguredNode node) throws UsageException {
        try {
            Optional<String> written = target.get();
            HostName to = written.isPresent() ? node.configuration().findNode("NODE", written.get()) : node.self();
            return new ReadyQuestion(
                    node.site(site.get()),
                    to,
                    minRemaining.get().map(DurationText::parse).orElse(ReadyQuestion.DEFAULT_MIN_REMAINING));
        } catch (ConfigurationException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--min-left: " + e.getMessage());
        }
    }

    /** Returns the answer of the running daemon. Empty if there is none, or if it is of no use, which is reported. */
    private Optional<ReadyReply> askDaemon(ConfiguredNode node, ReadyQuestion question) {
        return node.configuration()
                .node(node.self())
                .admin()
                .map(ListenAddress::socketAddress)
                .flatMap(address -> ask(new RunningDaemon(address), node, question));
    }

    private Optional<ReadyReply> ask(RunningDaemon daemon, ConfiguredNode node, ReadyQuestion question) {
        RunningDaemon.Reply reply = daemon.ask(ReadyReply.target(question, json.getAsBoolean()));
        switch (reply) {
            case RunningDaemon.Reply.NotRunning() -> {}
            case RunningDaemon.Reply.Unusable(String reason) -> reportUselessDaemon(daemon + " " + reason);
            case RunningDaemon.Reply.Answered(int status, String body) -> {
                Optional<ReadyReply> answer = ReadyReply.parse(body, question, node.self(), json.getAsBoolean());
                if (answer.isPresent()) {
                    return answer;
                }
                reportUselessDaemon(ReadyReply.refusal(daemon, status, body));
            }
        }
        return Optional.empty();
    }

    private void reportUselessDaemon(String reason) {
        err().println("This command looks itself, because the program at " + reason + ".");
    }

    private ReadyReply look(ConfiguredNode node, ReadyQuestion question) throws UsageException, InterruptedException {
        try (ProbeSession session = ProbeSession.open(node.configuration(), node.self(), 1)) {
            Readiness seen = new ReadyLooks()
                    .look(session.node(), question, session.probes().getFirst());
            Readiness readiness = withFrontState(seen, session.frontState(), node.self());
            String text = json.getAsBoolean()
                    ? ReadinessJson.of(readiness, node.self())
                    : ReadinessText.of(readiness, node.self());
            return new ReadyReply(text, readiness.isReady());
        } catch (StoreException e) {
            throw new UsageException(
                    "No daemon has answered, so this command must publish a test challenge itself, and cannot: "
                            + e.getMessage() + ". Or start the daemon, which this command asks then.");
        }
    }

    /** A program that does not know the test challenge explains why a validation has failed. */
    private static Readiness withFrontState(Readiness readiness, FrontState state, HostName self) {
        String text = switch (state) {
            case FrontState.OtherStore() ->
                "On " + self + ", a daemon with another store or configuration answers challenges. Name its store with"
                        + " --store, or restart it.";
            case FrontState.Taken(var by) ->
                "On " + self + ", " + by.map(Object::toString).orElse("another program")
                        + " has the port of the daemon, which does not run. Start the daemon; it says what to do.";
            case FrontState.Daemon(), FrontState.ThisCommand(), FrontState.FromFiles() -> "";
        };
        if (readiness.isReady() || text.isEmpty()) {
            return readiness;
        }
        List<Reason> reasons = new ArrayList<>(readiness.reasons());
        reasons.add(new Reason(Weight.NOTE, text));
        return new Readiness(readiness.site(), readiness.node(), reasons);
    }
}
