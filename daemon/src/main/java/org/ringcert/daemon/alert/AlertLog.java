package org.ringcert.daemon.alert;

import org.ringcert.cluster.HostName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what begins and ends. Results of renewals are in the log already, so they are not repeated. */
final class AlertLog {

    private static final Logger log = LoggerFactory.getLogger("ringcert.alert");

    private AlertLog() {}

    static void report(AlertChange change, HostName self) {
        Condition.Subject subject = change.condition().subject();
        switch (change.phase()) {
            case BEGIN -> log.error("needs a person: {}", text(change.condition(), subject));
            case END -> log.info("no longer needs a person: {}", name(subject, self));
        }
    }

    private static String text(Condition condition, Condition.Subject subject) {
        return switch (subject.kind()) {
            case CERTIFICATE -> subject.part() + " (`ringcert status` says why)";
            case DEPLOYMENT -> subject.part() + " (its new certificate is not in use; `ringcert status` says why)";
            case ACCOUNT -> "the account at " + subject.part() + " (`ringcert status` says why)";
            case VISITORS, SILENT, STORE -> condition.text();
        };
    }

    private static String name(Condition.Subject subject, HostName self) {
        String where = subject.node().equals(self) ? "" : " of " + subject.node();
        String part = subject.part().isEmpty() ? "" : " " + subject.part();
        return switch (subject.kind()) {
            case CERTIFICATE -> subject.part();
            case DEPLOYMENT -> subject.part() + " (its new certificate is in use)";
            case ACCOUNT -> "the account at " + subject.part();
            case VISITORS -> "the https" + where + (part.isEmpty() ? "" : " for" + part);
            case SILENT -> subject.node() + " (it answers again)";
            case STORE -> "the store";
        };
    }
}
