package org.ringcert.daemon.ready;

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

    /** Returns the first line of an answer, without its newline. */
    static String verdict(HostName site, HostName node, HostName self, boolean isReady) {
        return site + (isReady ? " may move to " : " may not move to ") + node + " now, as " + self + " sees it";
    }

    private static String mark(Readiness.Weight weight) {
        return switch (weight) {
            case FOR -> "  yes   ";
            case NOTE -> "  note  ";
            case AGAINST -> "  no    ";
        };
    }
}
