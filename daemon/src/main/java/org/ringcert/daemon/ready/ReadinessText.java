package org.ringcert.daemon.ready;

import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.view.ready.Readiness;

/** An answer for people: whether the site may move, then a reason a line. */
public final class ReadinessText {

    private ReadinessText() {}

    /**
     * Returns the answer, ending with a newline.
     *
     * @param self the node that has looked
     */
    public static String of(Readiness readiness, HostName self) {
        StringBuilder text =
                new StringBuilder(verdict(readiness.site(), readiness.node(), self, readiness.isReady())).append('\n');
        for (Readiness.Reason reason : readiness.reasons()) {
            text.append(mark(reason.weight())).append(reason.text()).append('\n');
        }
        return text.toString();
    }

    /** Returns whether the site may move; empty if this is not the answer of that node to the question. */
    public static Optional<Boolean> parseVerdict(String text, ReadyQuestion question, HostName self) {
        int end = text.indexOf('\n');
        String first = end < 0 ? text : text.substring(0, end);
        for (boolean isReady : new boolean[] {true, false}) {
            if (first.equals(verdict(question.site().name(), question.node(), self, isReady))) {
                return Optional.of(isReady);
            }
        }
        return Optional.empty();
    }

    private static String verdict(HostName site, HostName node, HostName self, boolean isReady) {
        return site + (isReady ? " may move to " : " may not move to ") + node + " now, as " + self + " sees it";
    }

    private static String mark(Readiness.Weight weight) {
        return switch (weight) {
            case FOR -> "yes: ";
            case NOTE -> "note: ";
            case AGAINST -> "no: ";
        };
    }
}
