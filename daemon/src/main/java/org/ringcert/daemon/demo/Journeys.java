package org.ringcert.daemon.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringcert.cluster.HostName;

/** What the logs of all nodes tell of each validation: where the CA came to, and where it was sent. */
final class Journeys {

    private static final Pattern PUBLISHED = Pattern.compile("answers for (\\S+) token=(\\S+)$");
    private static final Pattern ANSWERED =
            Pattern.compile("token=(\\S+) from=\\S+ answer=(held|relayed|sent-to)(?: location=http://([^/:]+)\\S*)?$");

    /**
     * One validation.
     *
     * @param orderer the node that ordered the certificate
     * @param name what was validated
     * @param entry the node that the CA came to first; empty where it came to none
     * @param sentTo where it was sent from there; empty where it was answered there
     * @param requests how many requests of the CA came to the entry
     */
    record Journey(
            HostName orderer, HostName name, Optional<HostName> entry, Optional<HostName> sentTo, int requests) {}

    private Journeys() {}

    /** The validations, in the order in which the nodes speak of them. */
    static List<Journey> of(Map<HostName, String> logs) {
        Map<String, Journey> byToken = new LinkedHashMap<>();
        logs.forEach((node, log) -> log.lines()
                .map(PUBLISHED::matcher)
                .filter(Matcher::find)
                .forEach(found -> byToken.put(
                        found.group(2),
                        new Journey(node, new HostName(found.group(1)), Optional.empty(), Optional.empty(), 0))));
        // who sends on comes before who answers: a holder is the entry only where nobody sent the CA to it
        logs.forEach((node, log) -> answers(log).forEach(found -> {
            if (found.group(2).equals("sent-to")) {
                HostName target = new HostName(found.group(3));
                byToken.computeIfPresent(
                        found.group(1), (token, journey) -> entered(journey, node, Optional.of(target)));
            }
        }));
        logs.forEach((node, log) -> answers(log).forEach(found -> {
            if (!found.group(2).equals("sent-to")) {
                byToken.computeIfPresent(
                        found.group(1),
                        (token, journey) ->
                                journey.sentTo().isPresent() ? journey : entered(journey, node, Optional.empty()));
            }
        }));
        return List.copyOf(byToken.values());
    }

    private static List<Matcher> answers(String log) {
        return log.lines().map(ANSWERED::matcher).filter(Matcher::find).toList();
    }

    private static Journey entered(Journey journey, HostName node, Optional<HostName> target) {
        return new Journey(journey.orderer(), journey.name(), Optional.of(node), target, journey.requests() + 1);
    }
}
