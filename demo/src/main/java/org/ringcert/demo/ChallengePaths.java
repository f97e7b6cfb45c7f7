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

/** Reads from the logs of all nodes which way the CA took for each validation. */
final class ChallengePaths {

    /** As written by the command line's log of a certificate, when a challenge is published. */
    private static final Pattern PUBLISHED = Pattern.compile("answers for (\\S+) token=(\\S+)$");

    /** As written by the front, for each request. */
    private static final Pattern ANSWERED =
            Pattern.compile("token=(\\S+) from=\\S+ answer=(held|relayed|sent-to)(?: location=http://([^/:]+)\\S*)?$");

    /**
     * The CA's way to the answer of one challenge.
     *
     * @param orderedBy the node that ordered the certificate
     * @param entry the node that the CA came to first; empty if it came to none
     * @param outcome how it went on from there, as the end of a sentence; empty if the CA came to no node
     */
    record ChallengePath(HostName orderedBy, HostName site, Optional<HostName> entry, String outcome) {}

    private ChallengePaths() {}

    /**
     * Returns the validations in the order in which the logs mention them.
     *
     * @param logs each node's log, by the node's name
     */
    static List<ChallengePath> of(Map<HostName, String> logs) {
        Map<String, TokenHistory> histories = new LinkedHashMap<>();
        logs.forEach((node, log) -> matches(PUBLISHED, log)
                .forEach(line -> histories.put(line.group(2), new TokenHistory(node, new HostName(line.group(1))))));
        logs.forEach((node, log) -> matches(ANSWERED, log).forEach(line -> {
            TokenHistory history = histories.get(line.group(1));
            if (history != null) {
                history.addAnswer(node, line.group(2), String.valueOf(line.group(3)));
            }
        }));
        return histories.values().stream().map(TokenHistory::path).toList();
    }

    private static List<Matcher> matches(Pattern pattern, String log) {
        return log.lines().map(pattern::matcher).filter(Matcher::find).toList();
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

        void addAnswer(HostName node, String answer, String target) {
            requests.merge(node, 1, Integer::sum);
            switch (answer) {
                case "sent-to" -> redirects.put(node, new HostName(target));
                case "relayed" -> relayedBy = Optional.of(node);
                default -> answeredBy = Optional.of(node);
            }
        }

        ChallengePath path() {
            Optional<HostName> firstRedirector = redirects.keySet().stream()
                    .filter(node -> !redirects.containsValue(node))
                    .findFirst();
            Optional<HostName> entry = relayedBy.or(() -> firstRedirector).or(() -> answeredBy);
            String count = entry.map(requests::get)
                    .filter(n -> n > 1)
                    .map(n -> " (" + n + " requests)")
                    .orElse("");
            return new ChallengePath(
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
