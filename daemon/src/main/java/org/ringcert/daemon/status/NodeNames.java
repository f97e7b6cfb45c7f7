package org.ringcert.daemon.status;

import java.util.Arrays;
import java.util.List;
import org.ringcert.cluster.HostName;

/** Shortens the names of servers to what distinguishes them. Immutable. */
public final class NodeNames {

    private final int commonLabels;

    /** @param names all names that are shown together */
    public NodeNames(List<HostName> names) {
        this.commonLabels = commonLabels(names.stream().map(NodeNames::labels).toList());
    }

    /** Returns the name without the labels at its end that all names have. At least its first label stays. */
    public String brief(HostName name) {
        List<String> labels = labels(name);
        return String.join(".", labels.subList(0, Math.max(1, labels.size() - commonLabels)));
    }

    private static List<String> labels(HostName name) {
        return Arrays.asList(name.value().split("\\."));
    }

    private static int commonLabels(List<List<String>> names) {
        int shortest = names.stream().mapToInt(List::size).min().orElse(1);
        int common = 0;
        while (common < shortest - 1 && isCommon(names, common)) {
            common++;
        }
        return common;
    }

    /** Returns whether all names have the same label at this distance from the end. */
    private static boolean isCommon(List<List<String>> names, int distance) {
        return names.stream()
                        .map(labels -> labels.get(labels.size() - 1 - distance))
                        .distinct()
                        .count()
                == 1;
    }
}
