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
import org.ringcert.daemon.trial.ProbeResult;
import org.ringcert.daemon.trial.Question;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What came of {@code ringcert web SERVER --try}.
 *
 * @param outcomes of all that was asked
 * @param faults the answers that are wrong
 * @param troubles what is wrong beside the answers
 * @param notes what is no fault, or what could not be found out
 */
record TrialReport(
        WebServer server,
        HostName node,
        Map<Question, ProbeResult> outcomes,
        List<Fault> faults,
        List<String> troubles,
        List<String> notes) {

    /**
     * A question that was answered wrongly.
     *
     * @param place of the virtual host that did, if that is known
     */
    record Fault(Question question, ProbeResult.Wrong wrong, Optional<String> place, List<String> remedies) {}

    /** Nothing was asked. */
    static TrialReport of(WebServer server, HostName node, String trouble) {
        return new TrialReport(server, node, Map.of(), List.of(), List.of(trouble), List.of());
    }

    boolean isRight() {
        return faults.isEmpty() && troubles.isEmpty();
    }

    /** For a person. */
    String text() {
        StringBuilder text = new StringBuilder();
        troubles.forEach(trouble -> text.append(trouble).append("\n"));
        for (Fault fault : faults) {
            Question question = fault.question();
            text.append(question.name() + " at " + shown(question.address()) + ", port " + question.port() + ": "
                    + fault.wrong().why() + "\n");
            fault.place().ifPresent(place -> text.append("    by " + place + "\n"));
            fault.remedies().forEach(remedy -> text.append("    " + remedy + "\n"));
        }
        if (!notes.isEmpty()) {
            text.append("\n");
            notes.forEach(note -> text.append(note).append("\n"));
        }
        if (isRight()) {
            Set<Question> asked = outcomes.keySet();
            text.append(
                    "Challenges are answered under all " + count(asked.stream().map(Question::name)) + " names, at "
                            + asked.stream()
                                    .filter(question -> outcomes.get(question) instanceof ProbeResult.Right)
                                    .map(question -> shown(question.address()) + ":" + question.port())
                                    .distinct()
                                    .collect(Collectors.joining(", "))
                            + ".\n");
        }
        return text.toString();
    }

    private static long count(Stream<?> some) {
        return some.distinct().count();
    }

    /** For programs. */
    String json() {
        JsonMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        ObjectNode root = mapper.createObjectNode();
        root.put("node", node.value());
        root.put("server", server.label());
        root.put("right", isRight());
        ArrayNode troubleArray = root.putArray("troubles");
        troubles.forEach(troubleArray::add);
        ArrayNode array = root.putArray("answers");
        outcomes.forEach((question, outcome) -> {
            ObjectNode object = array.addObject();
            object.put("name", question.name().value());
            object.put("address", question.address().getHostAddress());
            object.put("port", question.port());
            object.put("https", question.https());
            object.put("right", !(outcome instanceof ProbeResult.Wrong));
            if (outcome instanceof ProbeResult.Wrong wrong) {
                object.put("status", wrong.status());
                wrong.location().ifPresent(location -> object.put("location", location));
                object.put("reason", wrong.why());
            }
            faults.stream()
                    .filter(fault -> fault.question().equals(question))
                    .findFirst()
                    .ifPresent(fault -> {
                        fault.place().ifPresent(place -> object.put("by", place));
                        ArrayNode remedies = object.putArray("remedies");
                        fault.remedies().forEach(remedies::add);
                    });
        });
        ArrayNode noteArray = root.putArray("notes");
        notes.forEach(noteArray::add);
        return mapper.writeValueAsString(root) + "\n";
    }

    private static String shown(InetAddress address) {
        return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }
}
