package org.ringcert.daemon.status;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.CellKey;

/**
 * The matrix at one moment: which certificates visitors get from which servers. Immutable.
 *
 * @param self this server
 * @param rows the certificates, in the order of the configuration
 * @param nodes all servers, in the order of the configuration
 * @param cells what was last seen; without the cells that nobody has looked at yet
 */
public record MatrixView(HostName self, List<MatrixRow> rows, List<HostName> nodes, Map<CellKey, Cell> cells) {

    public MatrixView {
        rows = List.copyOf(rows);
        nodes = List.copyOf(nodes);
        cells = Map.copyOf(cells);
    }

    /**
     * Returns the matrix as it is now.
     *
     * @param latest returns the latest cell; empty if nobody has looked at it yet
     */
    public static MatrixView of(
            HostName self, List<MatrixRow> rows, List<HostName> nodes, Function<CellKey, Optional<Cell>> latest) {
        Map<CellKey, Cell> cells = new HashMap<>();
        for (MatrixRow row : rows) {
            for (HostName node : nodes) {
                CellKey key = row.key(node);
                latest.apply(key).ifPresent(cell -> cells.put(key, cell));
            }
        }
        return new MatrixView(self, rows, nodes, cells);
    }

    /** Returns what was last seen; empty if nobody has looked yet. */
    public Optional<Cell> cell(MatrixRow row, HostName node) {
        return Optional.ofNullable(cells.get(row.key(node)));
    }

    /** Returns what was last seen at a server. */
    public Stream<Cell> cells(HostName node) {
        return rows.stream().flatMap(row -> cell(row, node).stream());
    }

    /** Returns whether visitors of some site see an error at a server. */
    public boolean fails(HostName node, Instant now) {
        return cells(node).anyMatch(cell -> CellVerdict.of(cell, now) == CellVerdict.FAILURE);
    }
}
