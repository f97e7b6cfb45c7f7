package org.ringcert.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.daemon.front.ListeningProcess;
import org.ringcert.daemon.snippets.Advice;
import org.ringcert.daemon.snippets.VirtualHostLookup;
import org.ringcert.daemon.snippets.WebNode;
import org.ringcert.daemon.snippets.WebServer;
import org.ringcert.daemon.trial.Probe;
import org.ringcert.daemon.trial.ProbeResult;

/** Finds out which virtual host gives a wrong answer, and what to do. */
final class Diagnosis {

    private final WebServer server;
    private final WebNode node;
    private final Optional<String> daemon;
    private final Path challenges;
    private final PortOwners portOwners;

    /**
     * Creates a diagnosis for this machine.
     *
     * @param daemon the address to which the web server passes challenges on, for messages; empty if it serves them
     *     itself
     * @param challenges the folder from which it serves them otherwise
     */
    Diagnosis(WebServer server, WebNode node, Optional<String> daemon, Path challenges, PortOwners portOwners) {
        this.server = server;
        this.node = node;
        this.daemon = daemon;
        this.challenges = challenges;
        this.portOwners = portOwners;
    }

    /**
     * Returns the wrong answers among these results. Reads the web server's own configuration if there are any.
     *
     * @param notes receives further information
     */
    List<TrialReport.WrongAnswer> diagnose(Map<Probe, ProbeResult> results, List<String> notes) {
        results.keySet().stream()
                .flatMap(probe -> otherProgram(probe).map(process -> portIsTaken(probe, process)).stream())
                .distinct()
                .forEach(notes::add);
        if (results.values().stream().noneMatch(ProbeResult.Wrong.class::isInstance)) {
            return List.of();
        }
        Optional<VirtualHostLookup> lookup = lookup(notes);
        List<String> advice = lookup.isEmpty()
                ? List.of()
                : new Advice(server, node)
                        .lines().stream()
                                .map(line -> line.replaceFirst("^# ?", ""))
                                .toList();
        List<TrialReport.WrongAnswer> wrongAnswers = new ArrayList<>();
        results.forEach((probe, result) -> {
            if (result instanceof ProbeResult.Wrong wrong) {
                wrongAnswers.add(wrongAnswer(probe, wrong, lookup, advice));
            }
        });
        if (wrongAnswers.stream().allMatch(wrongAnswer -> wrongAnswer.probe().https())) {
            notes.add("All answers on port " + node.cluster().self().port()
                    + " are correct. A CA uses https only if a redirect or a CDN sends it there.");
        }
        notes.addAll(advice);
        return wrongAnswers;
    }

    private Optional<ListeningProcess> otherProgram(Probe probe) {
        return portOwners.otherProgram(probe.address(), probe.port());
    }

    private String portIsTaken(Probe probe, ListeningProcess process) {
        return "port " + probe.port() + " is taken by " + process + ", not by " + server.label();
    }

    private Optional<VirtualHostLookup> lookup(List<String> notes) {
        try {
            return Optional.of(VirtualHostLookup.ofThisMachine(server, node));
        } catch (IOException e) {
            notes.add("cannot tell which virtual host answers: " + e.getMessage());
            return Optional.empty();
        }
    }

    private TrialReport.WrongAnswer wrongAnswer(
            Probe probe, ProbeResult.Wrong wrong, Optional<VirtualHostLookup> lookup, List<String> advice) {
        Optional<ListeningProcess> otherProgram = otherProgram(probe);
        if (otherProgram.isPresent()) {
            String remedy = portIsTaken(probe, otherProgram.get()) + ": stop it, or give it another port";
            return new TrialReport.WrongAnswer(probe, wrong, Optional.empty(), List.of(remedy));
        }
        Optional<VirtualHostLookup.Match> match =
                lookup.flatMap(hosts -> hosts.find(probe.address(), probe.port(), probe.name()));
        List<String> remedies = match.map(VirtualHostLookup.Match::remedies).orElse(List.of());
        boolean hasLines = match.map(found -> advice.stream().noneMatch(line -> mentions(line, found.position())))
                .orElse(server == WebServer.HAPROXY && advice.size() == 1);
        return new TrialReport.WrongAnswer(
                probe,
                wrong,
                match.map(VirtualHostLookup.Match::position),
                !remedies.isEmpty()
                        ? remedies
                        : List.of(hasLines ? withLines(probe, wrong) : withoutLines(probe, wrong)));
    }

    private static boolean mentions(String line, String position) {
        return (line + " ").contains(position + " ");
    }

    /** Returns the remedy if the configuration does not have Ringcert's lines. */
    private String withoutLines(Probe probe, ProbeResult.Wrong wrong) {
        String install = "follow the instructions of `ringcert web " + server.label() + " --fragment`, then run `"
                + reload() + "`";
        return switch (wrong.fault()) {
            case NO_RESPONSE -> "is " + server.label() + " running, and does it speak HTTP there?";
            case PLAIN_HTTP, INTERNAL_ERROR, ALTERED -> withLines(probe, wrong);
            case ACCESS_DENIED -> "something there asks for a password or denies access; " + install;
            case SERVER_ERROR ->
                daemon.map(address -> "the daemon answers at " + address + ", so " + server.label()
                                        + " must be asking something else; ")
                                .orElse("something other than Ringcert's lines answers there; ")
                        + install;
            case NOT_FOUND -> "Ringcert's lines do not apply there" + orUnreadable() + "; " + install;
            case OTHER -> "Ringcert's lines do not come first there; " + install;
        };
    }

    /** Returns possible causes if the files have Ringcert's lines. */
    private String withLines(Probe probe, ProbeResult.Wrong wrong) {
        String ifReloaded = "Ringcert's lines are in its files: if they were added after its last reload, run `"
                + reload() + "`; otherwise ";
        String certificate = probe.https() ? ", or it requires a client certificate, which a CA does not send" : "";
        return switch (wrong.fault()) {
            case PLAIN_HTTP ->
                "it speaks plain HTTP there: is there a virtual host with TLS on that port, and is it enabled?";
            case INTERNAL_ERROR -> "this says nothing about " + server.label() + "; please report this line as a bug";
            case ALTERED ->
                "something modifies responses, such as a filter (`sub_filter`, `Substitute`): exclude challenges from it";
            case NO_RESPONSE -> ifReloaded + "it does not speak HTTP there" + certificate;
            case ACCESS_DENIED ->
                ifReloaded + "something else denies access; the log of " + server.label() + " may say what";
            case SERVER_ERROR ->
                ifReloaded
                        + daemon.map(address -> server.label() + " cannot reach the daemon, which answers at " + address
                                        + ", or discards its answer")
                                .orElse(server.label() + " cannot serve the answer")
                        + "; its log may say why";
            case NOT_FOUND -> ifReloaded + "something else handles the request first" + orUnreadable();
            case OTHER -> ifReloaded + "something else answers first" + (wrong.status() == 400 ? certificate : "");
        };
    }

    private String orUnreadable() {
        return daemon.isPresent()
                ? ""
                : ", or " + server.label() + " cannot read " + challenges + " (`namei -l` shows it)";
    }

    private String reload() {
        return "systemctl reload " + server.service();
    }
}
