package org.ringcert.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.daemon.front.ListeningProcess;
import org.ringcert.daemon.snippets.Advice;
import org.ringcert.daemon.snippets.Takers;
import org.ringcert.daemon.snippets.WebNode;
import org.ringcert.daemon.snippets.WebServer;
import org.ringcert.daemon.trial.ProbeResult;
import org.ringcert.daemon.trial.Question;

/** Who answers a challenge wrongly, and what helps. */
final class Diagnosis {

    private final WebServer server;
    private final WebNode node;
    private final Optional<String> daemon;
    private final Path challenges;
    private final Listeners listeners;

    /**
     * On this machine.
     *
     * @param daemon where the web server hands challenges to, for a person
     * @param challenges the folder that it serves otherwise
     */
    Diagnosis(WebServer server, WebNode node, Optional<String> daemon, Path challenges, Listeners listeners) {
        this.server = server;
        this.node = node;
        this.daemon = daemon;
        this.challenges = challenges;
        this.listeners = listeners;
    }

    /**
     * The wrong ones among these. Reads the web server's own configuration where there are any.
     *
     * @param notes takes what is to be said beside them
     */
    List<TrialReport.Fault> of(Map<Question, ProbeResult> outcomes, List<String> notes) {
        outcomes.keySet().stream()
                .flatMap(question -> stranger(question).map(holder -> taken(question, holder)).stream())
                .distinct()
                .forEach(notes::add);
        if (outcomes.values().stream().noneMatch(ProbeResult.Wrong.class::isInstance)) {
            return List.of();
        }
        Optional<Takers> takers = takers(notes);
        List<String> advice = takers.isEmpty()
                ? List.of()
                : new Advice(server, node)
                        .lines().stream()
                                .map(line -> line.replaceFirst("^# ?", ""))
                                .toList();
        List<TrialReport.Fault> faults = new ArrayList<>();
        outcomes.forEach((question, outcome) -> {
            if (outcome instanceof ProbeResult.Wrong wrong) {
                faults.add(fault(question, wrong, takers, advice));
            }
        });
        if (faults.stream().allMatch(fault -> fault.question().https())) {
            notes.add("At port " + node.cluster().self().port()
                    + " all answers are right. A CA comes to https only where a redirect or a CDN sends it there.");
        }
        notes.addAll(advice);
        return faults;
    }

    private Optional<ListeningProcess> stranger(Question question) {
        return listeners.stranger(question.address(), question.port());
    }

    private String taken(Question question, ListeningProcess holder) {
        return "port " + question.port() + " is taken by " + holder + ", not by " + server.label();
    }

    private Optional<Takers> takers(List<String> notes) {
        try {
            return Optional.of(Takers.ofThisMachine(server, node));
        } catch (IOException e) {
            notes.add("which virtual host answers could not be seen: " + e.getMessage());
            return Optional.empty();
        }
    }

    private TrialReport.Fault fault(
            Question question, ProbeResult.Wrong wrong, Optional<Takers> takers, List<String> advice) {
        Optional<ListeningProcess> stranger = stranger(question);
        if (stranger.isPresent()) {
            String remedy = taken(question, stranger.get()) + ": stop it, or give it another port";
            return new TrialReport.Fault(question, wrong, Optional.empty(), List.of(remedy));
        }
        Optional<Takers.Taker> taker =
                takers.flatMap(known -> known.of(question.address(), question.port(), question.name()));
        List<String> known = taker.map(Takers.Taker::remedies).orElse(List.of());
        boolean linesAreThere = taker.map(found -> advice.stream().noneMatch(line -> names(line, found.place())))
                .orElse(server == WebServer.HAPROXY && advice.size() == 1);
        return new TrialReport.Fault(
                question,
                wrong,
                taker.map(Takers.Taker::place),
                !known.isEmpty()
                        ? known
                        : List.of(linesAreThere ? inSpiteOfLines(question, wrong) : withoutLines(question, wrong)));
    }

    private static boolean names(String line, String place) {
        return (line + " ").contains(place + " ");
    }

    /** What helps where nothing is known of Ringcert's lines. */
    private String withoutLines(Question question, ProbeResult.Wrong wrong) {
        String anew = "do what `ringcert web " + server.label() + " --fragment` says, then `" + reload() + "`";
        return switch (wrong.fault()) {
            case SILENT -> "does " + server.label() + " run, and does it speak HTTP there?";
            case PLAIN, DEFECT, ALTERED -> inSpiteOfLines(question, wrong);
            case CLOSED -> "something there asks for a password or denies access; " + anew;
            case BEHIND ->
                daemon.map(address -> "the daemon answers at " + address + ", so " + server.label()
                                        + " asks something else there; ")
                                .orElse("something else than Ringcert's lines answers there; ")
                        + anew;
            case NOT_SEEN -> "Ringcert's lines are not asked there" + unreadable() + "; " + anew;
            case OTHER -> "Ringcert's lines are not asked first there; " + anew;
        };
    }

    /** What it may be where the files that are there now have Ringcert's lines. */
    private String inSpiteOfLines(Question question, ProbeResult.Wrong wrong) {
        String loaded = "Ringcert's lines are in its files: if they are newer than its last reload, `" + reload()
                + "`; if not, ";
        String certificate = question.https() ? ", or it wants a certificate of the client; a CA shows none" : "";
        return switch (wrong.fault()) {
            case PLAIN ->
                "plain HTTP is spoken there: is there a virtual host with TLS on that port, and is it switched on?";
            case DEFECT -> "nothing is known of " + server.label() + " there; please report this line";
            case ALTERED ->
                "something changes answers on their way, such as a filter (`sub_filter`, `Substitute`): leave challenges out of it";
            case SILENT -> loaded + "it does not speak HTTP there" + certificate;
            case CLOSED ->
                loaded + "something beside them denies access, and the log of " + server.label() + " may say what";
            case BEHIND ->
                loaded
                        + daemon.map(address -> server.label() + " does not reach the daemon, which answers at "
                                        + address + ", or drops its answer")
                                .orElse(server.label() + " fails at it")
                        + "; its log may say why";
            case NOT_SEEN -> loaded + "something else is asked first" + unreadable();
            case OTHER -> loaded + "something else answers first" + (wrong.status() == 400 ? certificate : "");
        };
    }

    private String unreadable() {
        return daemon.isPresent()
                ? ""
                : ", or " + server.label() + " cannot read " + challenges + " (`namei -l` shows it)";
    }

    private String reload() {
        return "systemctl reload " + server.service();
    }
}
