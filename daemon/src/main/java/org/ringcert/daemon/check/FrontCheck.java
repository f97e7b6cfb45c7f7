package org.ringcert.daemon.check;

import java.util.List;
import java.util.Optional;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.daemon.config.ListenAddress;
import org.ringcert.daemon.front.ListeningProcess;

/** Port 80 of this server: who has it, and whether that answers challenges. */
final class FrontCheck implements Check {

    private final CheckScope scope;
    private final FrontState state;
    private final boolean isPortTaken;
    private final Optional<ListeningProcess> portOwner;

    /**
     * @param isPortTaken whether any program listens on the port that CAs come to
     * @param portOwner which program that is; empty if this user cannot see it
     */
    FrontCheck(CheckScope scope, FrontState state, boolean isPortTaken, Optional<ListeningProcess> portOwner) {
        this.scope = scope;
        this.state = state;
        this.isPortTaken = isPortTaken;
        this.portOwner = portOwner;
    }

    @Override
    public List<CheckFinding> look() {
        return switch (state) {
            case FrontState.Daemon() -> daemon();
            case FrontState.OtherStore() ->
                List.of(failure(
                        "the daemon at " + listen() + " does not find what this command publishes in "
                                + scope.configuration().store(),
                        "It uses another store or configuration: check --store, --config and [store], or restart it."));
            case FrontState.ThisCommand() ->
                List.of(
                        isPortTaken || isPortOurs()
                                ? CheckFinding.warning(
                                        Topic.FRONT,
                                        subject(),
                                        "no daemon runs on this server; this command has answered while it looked",
                                        "Start it (`systemctl enable --now ringcert`), or order with `ringcert renew`,"
                                                + " which answers by itself. Challenges of other servers are not"
                                                + " handed over while nothing runs here.")
                                : nothingListens());
            case FrontState.FromFiles() -> List.of(isPortTaken ? fromFiles() : nothingListens());
            case FrontState.Taken(var by) ->
                List.of(failure(
                        by.map(ListeningProcess::toString).orElse("another program") + " listens on " + listen()
                                + ", where Ringcert should answer",
                        "If that is a web server, use the configuration that `ringcert web apache`, `nginx` or"
                                + " `haproxy` prints; otherwise stop that program."));
        };
    }

    private List<CheckFinding> daemon() {
        if (isPortOurs()) {
            return List.of(CheckFinding.ok(Topic.FRONT, subject(), "the daemon answers at " + listen()));
        }
        return List.of(
                isPortTaken
                        ? CheckFinding.ok(
                                Topic.FRONT, subject(), owner() + " has it, and the daemon answers at " + listen())
                        : nothingListens());
    }

    private CheckFinding fromFiles() {
        return CheckFinding.ok(Topic.FRONT, subject(), owner() + " has it and answers from files (`listen = []`)");
    }

    private CheckFinding nothingListens() {
        return failure(
                "nothing listens there",
                "Start the web server and let it listen on port " + port() + ", or let Ringcert do so: `listen ="
                        + " [\"[::]:" + port() + "\"]` in [front].");
    }

    private String owner() {
        return portOwner.map(ListeningProcess::toString).orElse("another program");
    }

    /** Returns whether the daemon itself is configured to listen where CAs come to. */
    private boolean isPortOurs() {
        return scope.settings().listen().stream().anyMatch(address -> address.port() == port());
    }

    private int port() {
        return scope.settings().node().port();
    }

    private String subject() {
        return "port " + port();
    }

    private String listen() {
        return Shown.list(
                scope.settings().listen().stream().map(ListenAddress::toString).toList());
    }

    private CheckFinding failure(String text, String remedy) {
        return CheckFinding.failure(Topic.FRONT, subject(), text, remedy);
    }
}
