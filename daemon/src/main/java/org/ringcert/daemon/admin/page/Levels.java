package org.ringcert.daemon.admin.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.status.MatrixRow;
import org.ringcert.daemon.status.MatrixView;

/**
 * The level of each cell of a matrix. A large matrix has 50,000 cells, and each is judged once for a page.
 *
 * @param rows the worst level of each row
 * @param servers how many cells of each server have which level
 */
record Levels(List<Level> rows, List<CellCounts> servers) {

    static Levels of(MatrixView matrix, Instant now) {
        List<HostName> nodes = matrix.nodes();
        List<CellCounts> servers = new ArrayList<>(Collections.nCopies(nodes.size(), CellCounts.NONE));
        Level[] rows = new Level[matrix.rows().size()];
        Arrays.fill(rows, Level.GOOD);
        for (int row = 0; row < rows.length; row++) {
            MatrixRow shown = matrix.rows().get(row);
            for (int node = 0; node < nodes.size(); node++) {
                Level level = Level.of(matrix.cell(shown, nodes.get(node)), now);
                rows[row] = rows[row].worse(level);
                servers.set(node, servers.get(node).plus(level));
            }
        }
        return new Levels(List.of(rows), servers);
    }
}
