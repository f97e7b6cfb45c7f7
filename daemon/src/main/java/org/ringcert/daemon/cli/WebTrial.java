package org.ringcert.daemon.cli;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.snippets.Advice;
import org.ringcert.daemon.snippets.Takers;
import org.ringcert.daemon.snippets.WebNode;
import org.ringcert.daemon.snippets.WebServer;
import org.ringcert.daemon.trial.Outcome;
import org.ringcert.daemon.trial.Probe;
import org.ringcert.daemon.trial.Question;
import org.ringcert.daemon.trial.Trial;
import org.ringcert.http.HttpGet;
import org.ringcert.store.StoreException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code ringcert web SERVER --try}: proves that this server answers challenges, or says who does not. */
final class WebTrial {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final WebServer server;
    private final WebNode node;
    private final LocalNode local;
    private final Optional<InetSocketAddress> daemon;

    /**
     * For that server on this node.
     *
     * @param daemon where the web server hands challenges to; empty where it serves them itself
     */
    WebTrial(WebServer server, WebNode node, LocalNode local, Optional<InetSocketAddress> daemon) {
        this.server = server;
        this.node = node;
        this.local = local;
        this.daemon = daemon;
    }

    /** A question that was answered wrongly, by whom if that is known, and what to do. */
    private record Fault(Question question, Outcome.Wrong wrong, Optional<String> place, List<String> remedies) {}

    /**
     * What came of it.
     *
     * @param troubles what is wrong beside the answers; nothing was asked then
     * @param notes what could not be found out
     */
    record Report(Map<Question, Outcome> outcomes, List<Fault> faults, List<String> troubles, List<String> notes) {

        boolean isRight() {
            return faults.isEmpty() && troubles.isEmpty();
        }
    }

    /** @throws StoreException if the store takes no token */
    Report run() throws StoreException {
        Trial trial = new Trial(node.cluster(), node.sites(), node.httpsPort(), others(), PATIENCE);
        try (Probe probe = Probe.publish(local.challenges(), new SecureRandom())) {
            Optional<String> away = daemon.flatMap(address -> silence(address, probe.keyAuthorization()));
            List<Question> questions = trial.questions();
            if (away.isPresent()) {
                return new Report(Map.of(), List.of(), List.of(away.get()), List.of());
            }
            if (questions.stream().allMatch(Question::https)) {
                String nobody =
                        "nothing listens on port " + node.cluster().self().port() + ": start " + server.label()
                                + " (`systemctl start " + server.service() + "`)";
                return new Report(Map.of(), List.of(), List.of(nobody), List.of());
            }
            return report(trial.ask(questions, probe.keyAuthorization()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Report(Map.of(), List.of(), List.of("interrupted"), List.of());
        }
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
        String host = node.cluster().self().name().value();
        try {
            HttpGet.Response response = HttpGet.fetch(
                    address, host, held.token().path(), PATIENCE, held.text().length());
            return response.status() == 200 && response.body().equals(held.text())
                    ? Optional.empty()
                    : Optional.of("the daemon at " + shown(address)
                            + " does not find what this command has put into "
                            + local.store().challenges()
                            + ": does it run with another configuration or store, or is it another program?");
        } catch (IOException e) {
            return Optional.of("nothing answers at " + shown(address)
                    + ", where the daemon has to listen: start it first (`systemctl start ringcert`), then try again");
        }
    }

    private Report report(Map<Question, Outcome> outcomes) {
        List<String> notes = new ArrayList<>();
        Optional<Takers> takers = Optional.empty();
        boolean wrong = outcomes.values().stream().anyMatch(Outcome.Wrong.class::isInstance);
        if (wrong) {
            try {
                takers = Optional.of(Takers.ofThisMachine(server, node));
            } catch (IOException e) {
                notes.add("which virtual host answers could not be seen: " + e.getMessage());
            }
        }
        List<Fault> faults = new ArrayList<>();
        for (Map.Entry<Question, Outcome> each : outcomes.entrySet()) {
            if (each.getValue() instanceof Outcome.Wrong fault) {
                Question question = each.getKey();
                Optional<Takers.Taker> taker =
                        takers.flatMap(known -> known.of(question.address(), question.port(), question.name()));
                List<String> known = taker.map(Takers.Taker::remedies).orElse(List.of());
                faults.add(new Fault(
                        question,
                        fault,
                        taker.map(Takers.Taker::place),
                        known.isEmpty() ? List.of(remedy(fault)) : known));
            }
        }
        if (wrong && takers.isPresent()) {
            new Advice(server, node)
                    .lines().stream().map(line -> line.replaceFirst("^# ?", "")).forEach(notes::add);
        }
        return new Report(outcomes, faults, List.of(), notes);
    }

    private String remedy(Outcome.Wrong wrong) {
        String reload = "systemctl reload " + server.service();
        return switch (wrong.fault()) {
            case SILENT -> "does " + server.label() + " run, and does it speak HTTP there?";
            case CLOSED ->
                "something there asks for a password or denies access; " + anew() + ", then `" + reload + "`";
            case BEHIND ->
                daemon.isPresent()
                        ? "the daemon answers at " + shown(daemon.get()) + ", so " + server.label()
                                + " asks something else there; " + anew() + ", then `" + reload + "`"
                        : "something else than Ringcert's lines answers there; " + anew() + ", then `" + reload + "`";
            case NOT_SEEN ->
                daemon.isPresent()
                        ? "Ringcert's lines are not asked there; " + anew() + ", then `" + reload + "`"
                        : "Ringcert's lines are not asked there, or " + server.label() + " cannot read "
                                + local.store().challenges() + " (`namei -l` shows it); " + anew() + ", then `" + reload
                                + "`";
            case DEFECT -> "nothing is known of " + server.label() + " there; please report this line";
            case OTHER -> "Ringcert's lines are not asked first there; " + anew() + ", then `" + reload + "`";
        };
    }

    private String anew() {
        return "do what `ringcert web " + server.label() + " --fragment` says";
    }

    private static String shown(InetSocketAddress address) {
        return shown(address.getAddress()) + ":" + address.getPort();
    }

    private static String shown(InetAddress address) {
        return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }

    /** For a person. */
    String text(Report report) {
        StringBuilder text = new StringBuilder();
        report.troubles().forEach(trouble -> text.append(trouble).append("\n"));
        for (Fault fault : report.faults()) {
            Question question = fault.question();
            text.append(question.name() + " at " + shown(question.address()) + ", port " + question.port() + ": "
                    + fault.wrong().why() + "\n");
            fault.place().ifPresent(place -> text.append("    by " + place + "\n"));
            fault.remedies().forEach(remedy -> text.append("    " + remedy + "\n"));
        }
        if (!report.notes().isEmpty()) {
            text.append("\n");
            report.notes().forEach(note -> text.append(note).append("\n"));
        }
        if (report.isRight()) {
            Set<Question> asked = report.outcomes().keySet();
            text.append(
                    "Challenges are answered under all " + count(asked.stream().map(Question::name)) + " names, at "
                            + asked.stream()
                                    .filter(question -> report.outcomes().get(question) instanceof Outcome.Right)
                                    .map(question -> shown(question.address()) + ":" + question.port())
                                    .distinct()
                                    .collect(Collectors.joining(", "))
                            + ".\n");
        }
        return text.toString();
    }

    private static long count(java.util.stream.Stream<?> some) {
        return some.distinct().count();
    }

    /** For programs. */
    String json(Report report) {
        JsonMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        ObjectNode root = mapper.createObjectNode();
        root.put("node", node.cluster().self().name().value());
        root.put("server", server.label());
        root.put("right", report.isRight());
        ArrayNode troubles = root.putArray("troubles");
        report.troubles().forEach(troubles::add);
        ArrayNode array = root.putArray("answers");
        report.outcomes().forEach((question, outcome) -> {
            ObjectNode object = array.addObject();
            object.put("name", question.name().value());
            object.put("address", question.address().getHostAddress());
            object.put("port", question.port());
            object.put("https", question.https());
            object.put("right", !(outcome instanceof Outcome.Wrong));
            if (outcome instanceof Outcome.Wrong wrong) {
                object.put("status", wrong.status());
                wrong.location().ifPresent(location -> object.put("location", location));
                object.put("reason", wrong.why());
            }
            report.faults().stream()
                    .filter(fault -> fault.question().equals(question))
                    .findFirst()
                    .ifPresent(fault -> {
                        fault.place().ifPresent(place -> object.put("by", place));
                        ArrayNode remedies = object.putArray("remedies");
                        fault.remedies().forEach(remedies::add);
                    });
        });
        ArrayNode notes = root.putArray("notes");
        report.notes().forEach(notes::add);
        return mapper.writeValueAsString(root) + "\n";
    }
}
