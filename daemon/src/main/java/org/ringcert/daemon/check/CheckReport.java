package org.ringcert.daemon.check;

import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CheckFinding.Level;

/**
 * Everything that a check has found. Immutable.
 *
 * @param node the node that has checked
 * @param findings in the order in which they are printed
 */
public record CheckReport(HostName node, List<CheckFinding> findings) {

    public CheckReport {
        findings = List.copyOf(findings);
    }

    /** Returns whether orders can be expected to succeed. Warnings are allowed. */
    public boolean isReady() {
        return count(Level.FAILURE) == 0;
    }

    /** Returns the names that nobody could try to validate, so that orders for them may succeed or fail. */
    List<String> untried() {
        return findings.stream()
                .filter(CheckFinding::isUntried)
                .map(CheckFinding::subject)
                .distinct()
                .toList();
    }

    long count(Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }
}
