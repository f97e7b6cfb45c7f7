package org.ringcert.daemon.admin.page;

import java.util.List;
import org.ringcert.cluster.HostName;

/**
 * Short names of servers: their first labels where these differ, else their full names.
 *
 * @param labels in the order of the ring
 */
record NodeLabels(List<String> labels) {

    static NodeLabels of(List<HostName> nodes) {
        List<String> first = nodes.stream().map(HostName::firstLabel).toList();
        boolean differ = first.stream().distinct().count() == first.size();
        return new NodeLabels(
                differ ? first : nodes.stream().map(HostName::value).toList());
    }

    String label(int index) {
        return labels.get(index);
    }
}
