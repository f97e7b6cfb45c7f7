package org.ringcert.daemon.check;

import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.json.JsonFormat;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A report for programs, which rely on the keys: they may be added to, but not renamed or removed. */
public final class CheckJson {

    private CheckJson() {}

    /** Returns the document, ending with a newline. */
    public static String of(CheckReport report) {
        ObjectNode root = JsonFormat.newObject();
        root.put("node", report.node().value());
        root.put("ready", report.isReady());
        root.put("failures", report.count(Level.FAILURE));
        root.put("warnings", report.count(Level.WARNING));
        ArrayNode untried = root.putArray("untried");
        report.untried().forEach(untried::add);
        ArrayNode findings = root.putArray("findings");
        for (CheckFinding finding : report.findings()) {
            ObjectNode object = findings.addObject();
            object.put("level", finding.level().label());
            object.put("topic", finding.topic().label());
            object.put("subject", finding.subject());
            object.put("text", finding.text());
            finding.remedy().ifPresent(remedy -> object.put("remedy", remedy));
        }
        return JsonFormat.DEFAULT.writeIndented(root) + "\n";
    }
}
