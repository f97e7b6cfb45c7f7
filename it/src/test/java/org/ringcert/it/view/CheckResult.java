package org.ringcert.it.view;

import java.util.List;
import org.ringcert.it.view.NetworkCluster.Json;
import tools.jackson.databind.JsonNode;

/** The result of {@code ringcert check}. */
record CheckResult(Json json) {

    static final String OK = "ok";
    static final String WARNING = "warning";
    static final String FAILURE = "failure";

    static final String SITE = "site";
    static final String NODE = "node";

    /**
     * A finding.
     *
     * @param level {@link #OK}, {@link #WARNING} or {@link #FAILURE}
     * @param topic such as {@link #SITE}
     * @param remedy empty if nothing has to be done
     */
    record Finding(String level, String topic, String subject, String text, String remedy) {}

    int status() {
        return json.status();
    }

    /** Returns whether all looks have ended in time. */
    boolean isComplete() {
        return findings().stream().noneMatch(each -> each.text().contains("did not end in time"));
    }

    List<Finding> findings() {
        return json.root()
                .get("findings")
                .valueStream()
                .map(each -> new Finding(
                        text(each, "level"),
                        text(each, "topic"),
                        text(each, "subject"),
                        text(each, "text"),
                        text(each, "remedy")))
                .toList();
    }

    private static String text(JsonNode finding, String key) {
        JsonNode value = finding.get(key);
        return value == null ? "" : value.stringValue();
    }

    List<Finding> about(String topic, String subject) {
        return findings().stream()
                .filter(each -> each.topic().equals(topic) && each.subject().equals(subject))
                .toList();
    }

    /** Returns the most serious level of the findings about a site or node. */
    String level(String topic, String subject) {
        List<String> levels =
                about(topic, subject).stream().map(Finding::level).distinct().toList();
        return levels.contains(FAILURE) ? FAILURE : levels.contains(WARNING) ? WARNING : String.join("", levels);
    }

    /** Returns the findings of a level about a site or node, one on each line, with their remedies. */
    String texts(String level, String topic, String subject) {
        StringBuilder texts = new StringBuilder();
        for (Finding each : about(topic, subject)) {
            if (each.level().equals(level)) {
                texts.append(each.text()).append(" | ").append(each.remedy()).append('\n');
            }
        }
        return texts.toString();
    }

    @Override
    public String toString() {
        return json.text();
    }
}
