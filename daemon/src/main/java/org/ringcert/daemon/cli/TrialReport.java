package org.ringcert.daemon.cli;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.snippets.WebServer;
import org.ringcert.daemon.trial.Probe;
import org.ringcert.daemon.trial.ProbeResult;
import org.ringcert.json.JsonFormat;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The report of {@code ringcert web SERVER --try}.
 *
 * @param results the result of each probe
 * @param wrongAnswers the wrong answers
 * @param problems what is wrong apart from the answers
 * @param notes what is not a fault, or could not be found out
 */
record TrialReport(
        WebServer server,
        HostName node,
        Map<Probe, ProbeResult> results,
        List<WrongAnswer> wrongAnswers,
        List<String> problems,
        List<String> notes) {

    /**
     * A probe with a wrong answer.
     *
     * @param position the position of the virtual host that gave it, if known
     * @param remedies what to do
     */
    record WrongAnswer(Probe probe, ProbeResult.Wrong wrong, Optional<String> position, List<String> remedies) {}

    /** Returns a report without probes. */
    static TrialReport withoutProbes(WebServer server, HostName node, String problem) {
        return new TrialReport(server, node, Map.of(), List.of(), List.of(problem), List.of());
    }

    boolean isCorrect() {
        return wrongAnswers.isEmpty() && problems.isEmpty();
    }

    /** Returns the report as text for a person. */
    String text() {
        StringBuilder text = new StringBuilder();
        problems.forEach(problem -> text.append(problem).append("\n"));
        for (WrongAnswer wrongAnswer : wrongAnswers) {
            Probe probe = wrongAnswer.probe();
            text.append(probe.name() + " at " + shown(probe.address()) + ", port " + probe.port() + ": "
                    + wrongAnswer.wrong().why() + "\n");
            wrongAnswer.position().ifPresent(position -> text.append("    by " + position + "\n"));
            wrongAnswer.remedies().forEach(remedy -> text.append("    " + remedy + "\n"));
        }
        if (!notes.isEmpty()) {
            text.append("\n");
            notes.forEach(note -> text.append(note).append("\n"));
        }
        if (isCorrect()) {
            Set<Probe> probes = results.keySet();
            text.append(
                    "Challenges are answered under all " + count(probes.stream().map(Probe::name)) + " names, at "
                            + probes.stream()
                                    .filter(probe -> results.get(probe) instanceof ProbeResult.Correct)
                                    .map(probe -> shown(probe.address()) + ":" + probe.port())
                                    .distinct()
                                    .collect(Collectors.joining(", "))
                            + ".\n");
        }
        return text.toString();
    }

    private static long count(Stream<?> values) {
        return values.distinct().count();
    }

    /** Returns the report as JSON for programs. */
    String json() {
        ObjectNode root = JsonFormat.newObject();
        root.put("node", node.value());
        root.put("server", server.label());
        root.put("right", isCorrect());
        ArrayNode problemArray = root.putArray("troubles");
        problems.forEach(problemArray::add);
        ArrayNode answerArray = root.putArray("answers");
        results.forEach((probe, result) -> {
            ObjectNode object = answerArray.addObject();
            object.put("name", probe.name().value());
            object.put("address", probe.address().getHostAddress());
            object.put("port", probe.port());
            object.put("https", probe.https());
            object.put("right", !(result instanceof ProbeResult.Wrong));
            if (result instanceof ProbeResult.Wrong wrong) {
                object.put("status", wrong.status());
                wrong.location().ifPresent(location -> object.put("location", location));
                object.put("reason", wrong.why());
            }
            wrongAnswers.stream()
                    .filter(wrongAnswer -> wrongAnswer.probe().equals(probe))
                    .findFirst()
                    .ifPresent(wrongAnswer -> {
                        wrongAnswer.position().ifPresent(position -> object.put("by", position));
                        ArrayNode remedies = object.putArray("remedies");
                        wrongAnswer.remedies().forEach(remedies::add);
                    });
        });
        ArrayNode noteArray = root.putArray("notes");
        notes.forEach(noteArray::add);
        return JsonFormat.DEFAULT.writeIndented(root) + "\n";
    }

    static String shown(InetAddress address) {
        return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }
}
