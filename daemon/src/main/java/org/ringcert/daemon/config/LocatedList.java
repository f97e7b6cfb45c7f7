package org.ringcert.daemon.config;

import java.util.List;
import org.tomlj.TomlPosition;

/**
 * The values of an array in the file.
 *
 * @param elements the usable values, each with its position
 * @param at the position of the key
 */
record LocatedList<T>(List<Located<T>> elements, TomlPosition at) {

    LocatedList {
        elements = List.copyOf(elements);
    }

    /** Returns the values without their positions. */
    List<T> values() {
        return elements.stream().map(Located::value).toList();
    }
}
