package org.ringcert.view.visitor;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The latest cells: sites by servers. Kept in memory. Thread-safe. */
public final class Matrix {

    private final Map<CellKey, Cell> cells = new ConcurrentHashMap<>();

    /** Replaces the cell with the same key. */
    public void put(Cell cell) {
        cells.put(cell.key(), cell);
    }

    /** Returns the latest cell; empty if it has not been looked at yet. */
    public Optional<Cell> cell(CellKey key) {
        return Optional.ofNullable(cells.get(key));
    }

    /** Forgets a cell. */
    public void remove(CellKey key) {
        cells.remove(key);
    }
}
