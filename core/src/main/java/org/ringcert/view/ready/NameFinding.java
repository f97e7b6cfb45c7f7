package org.ringcert.view.ready;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.view.ready.Readiness.Reason;
import org.ringcert.view.ready.Readiness.Weight;

/**
 * What was found under one name of a site.
 *
 * @param sentence makes the sentence from the names that it is about
 * @param key equal for findings that make one sentence about all of their names
 */
record NameFinding(HostName name, Weight weight, String key, Function<String, String> sentence) {

    private static final int MAX_NAMES = 3;

    /** A certificate may have a hundred names. If all of them fail, the first few say why. */
    private static final int MAX_SENTENCES = 8;

    /** Returns one reason for all names with the same finding, in the order of the findings. */
    static List<Reason> summarize(List<NameFinding> findings) {
        Map<String, List<NameFinding>> groups = findings.stream()
                .collect(Collectors.groupingBy(
                        each -> each.weight + " " + each.key, LinkedHashMap::new, Collectors.toList()));
        List<Reason> reasons = groups.values().stream()
                .limit(MAX_SENTENCES)
                .map(NameFinding::reason)
                .collect(Collectors.toCollection(ArrayList::new));
        List<NameFinding> others = groups.values().stream()
                .skip(MAX_SENTENCES)
                .flatMap(List::stream)
                .toList();
        for (Weight weight : Weight.values()) {
            List<HostName> names =
                    names(others.stream().filter(each -> each.weight == weight).toList());
            if (!names.isEmpty()) {
                reasons.add(new Reason(weight, "Much the same was found for " + list(names) + "."));
            }
        }
        return reasons;
    }

    private static Reason reason(List<NameFinding> group) {
        NameFinding first = group.getFirst();
        return new Reason(first.weight, first.sentence.apply(list(names(group))));
    }

    private static List<HostName> names(List<NameFinding> findings) {
        return findings.stream().map(NameFinding::name).distinct().toList();
    }

    /** Returns the names as part of a sentence; of many, only the first ones. */
    static String list(List<HostName> names) {
        if (names.size() > MAX_NAMES) {
            return String.join(
                            ", ",
                            names.stream()
                                    .limit(MAX_NAMES - 1)
                                    .map(HostName::value)
                                    .toList()) + " and " + (names.size() - MAX_NAMES + 1) + " more names";
        }
        String last = names.getLast().value();
        return names.size() == 1
                ? last
                : String.join(
                                ", ",
                                names.stream()
                                        .limit(names.size() - 1)
                                        .map(HostName::value)
                                        .toList()) + " and " + last;
    }
}
