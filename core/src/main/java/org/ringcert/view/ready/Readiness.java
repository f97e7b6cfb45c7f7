package org.ringcert.view.ready;

import java.util.List;
import org.ringcert.cluster.HostName;

/**
 * Whether a site may move to a server now, as far as this server sees.
 *
 * @param reasons what was found, in the order in which it was looked at; at least one
 */
public record Readiness(HostName site, HostName node, List<Reason> reasons) {

    public Readiness {
        reasons = List.copyOf(reasons);
    }

    /**
     * One finding.
     *
     * @param text a sentence that contains its remedy if it speaks against the move
     */
    public record Reason(Weight weight, String text) {}

    /** What a finding means for the move. */
    public enum Weight {
        FOR,

        /** Worth knowing. It does not speak against the move. */
        NOTE,

        AGAINST
    }

    /** Whether nothing speaks against the move. */
    public boolean isReady() {
        return reasons.stream().noneMatch(reason -> reason.weight() == Weight.AGAINST);
    }
}
