package org.ringcert.daemon.check;

import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.view.ca.Walk;

/**
 * The walks from one name or URL. Immutable.
 *
 * @param node the node that has traced
 * @param target the name or URL
 * @param walks one for each published address, or a single one
 * @param notes what else to know, in sentences
 */
public record TraceReport(HostName node, String target, List<TracedWalk> walks, List<String> notes) {

    public TraceReport {
        walks = List.copyOf(walks);
        notes = List.copyOf(notes);
    }

    /**
     * A walk and where it began.
     *
     * @param start the name and address, or the URL
     */
    public record TracedWalk(String start, Walk walk) {}

    /** Returns the walks that could not be decided from here. */
    List<TracedWalk> undecided() {
        return walks.stream()
                .filter(traced -> traced.walk().verdict() instanceof Walk.Verdict.Undecided)
                .toList();
    }

    /** Returns whether a CA would have accepted the answer at each address that could be tried, at least one. */
    public boolean isAnswered() {
        return walks.stream().anyMatch(traced -> traced.walk().isAccepted())
                && walks.stream().noneMatch(traced -> traced.walk().verdict() instanceof Walk.Verdict.Refused);
    }
}
