package org.ringcert.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/** The routes of validations through the cluster, read from the logs of all nodes. */
final class ValidationRoutes {

    /**
     * The route of the CA to the answer of one challenge.
     *
     * @param orderedBy the node that ordered the certificate
     * @param entry the node that the CA came to first; empty if it reached none
     * @param outcome how it went on from there, as the end of a sentence; empty if the CA came to no node
     */
    record ValidationRoute(HostName orderedBy, HostName site, Optional<HostName> entry, String outcome) {}

    private ValidationRoutes() {}

    /**
     * Returns the validations in the order in which the logs mention them.
     *
     * @param logs each node's log, by the node's name
     */
    static List<ValidationRoute> of(Map<HostName, String> logs) {
        Map<String, TokenHistory> histories = new LinkedHashMap<>();
        logs.forEach((node, log) -> LoggedChallenges.published(log)
                .forEach(challenge -> histories.put(challenge.token(), new TokenHistory(node, challenge.name()))));
        logs.forEach((node, log) -> LoggedChallenges.answered(log).forEach(answered -> {
            TokenHistory history = histories.get(answered.token());
            if (history != null) {
                history.addAnswer(node, answered);
            }
        }));
        return histories.values().stream().map(TokenHistory::route).toList();
    }

    /** What the nodes' logs say about one token. */
    private static final class TokenHistory {
        private final HostName orderedBy;
        private final HostName site;
        private final Map<HostName, HostName> redirects = new LinkedHashMap<>();
        private final Map<HostName, Integer> requests = new HashMap<>();
        private Optional<HostName> relayedBy = Optional.empty();
        private Optional<HostName> answeredBy = Optional.empty();

        TokenHistory(HostName orderedBy, HostName site) {
            this.orderedBy = orderedBy;
            this.site = site;
        }

        void addAnswer(HostName node, LoggedChallenges.LoggedAnswer answered) {
            requests.merge(node, 1, Integer::sum);
            switch (answered.answer()) {
                case "sent-to" ->
                    redirects.put(
                            node, new HostName(answered.location().orElseThrow().getHost()));
                case "relayed" -> relayedBy = Optional.of(node);
                default -> answeredBy = Optional.of(node);
            }
        }

        ValidationRoute route() {
            Optional<HostName> firstRedirector = redirects.keySet().stream()
                    .filter(node -> !redirects.containsValue(node))
                    .findFirst();
            Optional<HostName> entry = relayedBy.or(() -> firstRedirector).or(() -> answeredBy);
            String count = entry.map(requests::get)
                    .filter(n -> n > 1)
                    .map(n -> " (" + n + " requests)")
                    .orElse("");
            return new ValidationRoute(
                    orderedBy,
                    site,
                    entry,
                    entry.map(node -> outcome(node) + count).orElse(""));
        }

        private String outcome(HostName entry) {
            if (relayedBy.isPresent()) {
                return "got the answer there, relayed from " + orderedBy;
            }
            List<String> path = new ArrayList<>();
            for (HostName node = entry;
                    redirects.containsKey(node) && path.size() < redirects.size();
                    node = redirects.get(node)) {
                path.add(redirects.get(node).value());
            }
            return path.isEmpty()
                    ? "found the answer there"
                    : "was sent to " + String.join(", then ", path) + ", which had the answer";
        }
    }
}
