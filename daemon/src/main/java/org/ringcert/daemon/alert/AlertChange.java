package org.ringcert.daemon.alert;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ringcert.cluster.HostName;

/**
 * A problem begins or ends.
 *
 * @param since when it was first seen
 */
record AlertChange(Phase phase, Condition condition, Instant since) {

    enum Phase {
        BEGIN("begin"),
        END("end");

        private final String label;

        Phase(String label) {
            this.label = label;
        }
    }

    /** Returns what the administrator's command gets in its environment. A variable without a value is empty. */
    Map<String, String> environment(HostName self) {
        Condition.Subject subject = condition.subject();
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("RINGCERT_ALERT", phase.label);
        variables.put("RINGCERT_ALERT_ID", subject.id());
        variables.put("RINGCERT_KIND", subject.kind().label());
        variables.put("RINGCERT_NODE", self.value());
        variables.put("RINGCERT_ABOUT_NODE", subject.node().value());
        variables.put("RINGCERT_SITE", subject.site().map(HostName::value).orElse(""));
        variables.put("RINGCERT_TEXT", condition.text());
        variables.put("RINGCERT_SINCE", since.truncatedTo(ChronoUnit.SECONDS).toString());
        return variables;
    }
}
