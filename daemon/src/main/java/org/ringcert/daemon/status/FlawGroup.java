package org.ringcert.daemon.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ringcert.cluster.HostName;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;

/**
 * A flaw and all cells that have it, which are those of some certificates at some servers. Immutable.
 *
 * @param rows the certificates, each with this flaw at all of the servers
 */
public record FlawGroup(Flaw flaw, List<MatrixRow> rows, List<HostName> nodes) {

    public FlawGroup {
        rows = List.copyOf(rows);
        nodes = List.copyOf(nodes);
    }

    /** Returns the groups of a matrix: failures before warnings, and the worst kinds first. */
    public static List<FlawGroup> of(MatrixView matrix, Instant now) {
        List<FlawGroup> groups = new ArrayList<>();
        places(matrix, now).forEach((flaw, rowsByNode) -> {
            Map<List<MatrixRow>, List<HostName>> nodesByRows = new LinkedHashMap<>();
            rowsByNode.forEach((node, rows) ->
                    nodesByRows.computeIfAbsent(rows, _ -> new ArrayList<>()).add(node));
            nodesByRows.forEach((rows, nodes) -> groups.add(new FlawGroup(flaw, rows, nodes)));
        });
        groups.sort(Comparator.comparing((FlawGroup group) -> group.flaw().severity())
                .reversed()
                .thenComparing(group -> group.flaw().kind()));
        return groups;
    }

    private static Map<Flaw, Map<HostName, List<MatrixRow>>> places(MatrixView matrix, Instant now) {
        Map<Flaw, Map<HostName, List<MatrixRow>>> places = new LinkedHashMap<>();
        for (HostName node : matrix.nodes()) {
            for (MatrixRow row : matrix.rows()) {
                List<Flaw> flaws = matrix.cell(row, node)
                        .map((Cell cell) -> CellVerdict.flaws(cell, now))
                        .orElseGet(List::of);
                for (Flaw flaw : flaws) {
                    places.computeIfAbsent(flaw, _ -> new LinkedHashMap<>())
                            .computeIfAbsent(node, _ -> new ArrayList<>())
                            .add(row);
                }
            }
        }
        return places;
    }
}
