package org.ringcert.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringcert.cluster.HostName;

/**
 * What the logs of all nodes tell of each validation: where the CA came to, and where it was sent. Not for several
 * threads.
 */
final class Journeys {

    private static final Pattern PUBLISHED = Pattern.compile("answers for (\\S+) token=(\\S+)$");
    private static final Pattern ANSWERED =
            Pattern.compile("token=(\\S+) from=\\S+ answer=(held|relayed|sent-to)(?: location=http://([^/:]+)\\S*)?$");

    /** One validation: who ordered, for which name, and how the CA fared. */
    record Journey(HostName orderer, HostName name, Optional<HostName> entry, String course) {}

    /** What the nodes say of one token. */
    private static final class Trace {
        private final HostName orderer;
        private final HostName name;
        private final Map<HostName, HostName> sent = new LinkedHashMap<>();
        private final Map<HostName, Integer> requests = new HashMap<>();
        private Optional<HostName> relayed = Optional.empty();
        private Optional<HostName> held = Optional.empty();

        Trace(HostName orderer, HostName name) {
            this.orderer = orderer;
            this.name = name;
        }

        void answered(HostName node, String answer, String target) {
            requests.merge(node, 1, Integer::sum);
            switch (answer) {
                case "sent-to" -> sent.put(node, new HostName(target));
                case "relayed" -> relayed = Optional.of(node);
                default -> held = Optional.of(node);
            }
        }

        Journey journey() {
            Optional<HostName> sender = sent.keySet().stream()
                    .filter(node -> !sent.containsValue(node))
                    .findFirst();
            Optional<HostName> entry = relayed.or(() -> sender).or(() -> held);
            String times = entry.map(requests::get)
                    .filter(n -> n > 1)
                    .map(n -> " (" + n + " requests)")
                    .orElse("");
            String course = entry.map(node -> course(node) + times).orElse("");
            return new Journey(orderer, name, entry, course);
        }

        private String course(HostName entry) {
            if (relayed.isPresent()) {
                return "got the answer there, which had it from " + orderer;
            }
            List<String> path = new ArrayList<>();
            for (HostName at = entry; sent.containsKey(at) && path.size() < sent.size(); at = sent.get(at)) {
                path.add(sent.get(at).value());
            }
            return path.isEmpty()
                    ? "found the answer there"
                    : "was sent to " + String.join(", then ", path) + ", which had the answer";
        }
    }

    private Journeys() {}

    /** The validations, in the order in which the nodes speak of them. */
    static List<Journey> of(Map<HostName, String> logs) {
        Map<String, Trace> traces = new LinkedHashMap<>();
        logs.forEach((node, log) -> found(PUBLISHED, log)
                .forEach(line -> traces.put(line.group(2), new Trace(node, new HostName(line.group(1))))));
        logs.forEach((node, log) -> found(ANSWERED, log).forEach(line -> {
            Trace trace = traces.get(line.group(1));
            if (trace != null) {
                trace.answered(node, line.group(2), String.valueOf(line.group(3)));
            }
        }));
        return traces.values().stream().map(Trace::journey).toList();
    }

    private static List<Matcher> found(Pattern pattern, String log) {
        return log.lines().map(pattern::matcher).filter(Matcher::find).toList();
    }
}
