package org.ringcert.daemon.ready;

import org.ringcert.cluster.HostName;
import org.ringcert.json.JsonFormat;
import org.ringcert.view.ready.Readiness;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An answer for programs, which rely on the keys: they may be added to, but not renamed or removed. */
public final class ReadinessJson {

    private ReadinessJson() {}

    /**
     * Returns the document, ending with a newline.
     *
     * @param self the node that has looked
     */
    public static String of(Readiness readiness, HostName self) {
        ObjectNode root = JsonFormat.newObject();
        root.put("site", readiness.site().value());
        root.put("node", readiness.node().value());
        root.put("seenFrom", self.value());
        root.put("ready", readiness.isReady());
        ArrayNode reasons = root.putArray("reasons");
        for (Readiness.Reason reason : readiness.reasons()) {
            ObjectNode object = reasons.addObject();
            object.put("weight", label(reason.weight()));
            object.put("text", reason.text());
        }
        return JsonFormat.DEFAULT.writeIndented(root) + "\n";
    }

    private static String label(Readiness.Weight weight) {
        return switch (weight) {
            case FOR -> "for";
            case NOTE -> "note";
            case AGAINST -> "against";
        };
    }
}
