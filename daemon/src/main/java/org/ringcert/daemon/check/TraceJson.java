package org.ringcert.daemon.check;

import java.util.Locale;
import org.ringcert.cluster.AddressText;
import org.ringcert.daemon.check.TraceReport.TracedWalk;
import org.ringcert.json.JsonFormat;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Walk.Hop;
import org.ringcert.view.ca.Walk.Verdict;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A trace for programs, which rely on the keys: they may be added to, but not renamed or removed. */
public final class TraceJson {

    private TraceJson() {}

    /** Returns the document, ending with a newline. */
    public static String of(TraceReport report) {
        ObjectNode root = JsonFormat.newObject();
        root.put("node", report.node().value());
        root.put("target", report.target());
        root.put("answered", report.isAnswered());
        ArrayNode notTried = root.putArray("notTried");
        report.undecided().forEach(traced -> notTried.add(traced.start()));
        ArrayNode walks = root.putArray("walks");
        report.walks().forEach(traced -> putWalk(walks.addObject(), traced));
        ArrayNode notes = root.putArray("notes");
        report.notes().forEach(notes::add);
        return JsonFormat.DEFAULT.writeIndented(root) + "\n";
    }

    private static void putWalk(ObjectNode object, TracedWalk traced) {
        object.put("start", traced.start());
        object.put("accepted", traced.walk().isAccepted());
        ArrayNode hops = object.putArray("hops");
        traced.walk().hops().forEach(hop -> putHop(hops.addObject(), hop));
        switch (traced.walk().verdict()) {
            case Verdict.Accepted _ -> {}
            case Verdict.Refused(Problem problem) -> putProblem(object.putObject("problem"), problem);
            case Verdict.Undecided(String reason, var _) -> object.put("undecided", reason);
        }
        ArrayNode warnings = object.putArray("warnings");
        traced.walk().warnings().forEach(warning -> putProblem(warnings.addObject(), warning));
    }

    private static void putHop(ObjectNode object, Hop hop) {
        object.put("url", hop.url());
        hop.address().ifPresent(address -> object.put("address", AddressText.of(address)));
        hop.status().ifPresent(status -> object.put("status", status));
        object.put("milliseconds", hop.time().toMillis());
    }

    private static void putProblem(ObjectNode object, Problem problem) {
        object.put("rule", problem.rule().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        object.put("what", problem.what());
        if (!problem.caSays().isEmpty()) {
            object.put("caSays", problem.caSays());
        }
        object.put("remedy", problem.remedy());
    }
}
