package org.ringcert.daemon.config;

import java.util.Optional;
import org.tomlj.TomlPosition;

/**
 * A node and positions in the file.
 *
 * @param nameAt the position of its {@code name}
 * @param portAt the position of its {@code port}; without that key, of its name
 * @param groupAt the position of its {@code group}, even if that is wrong; empty without that key
 */
record LocatedNode(NodeSettings settings, TomlPosition nameAt, TomlPosition portAt, Optional<TomlPosition> groupAt) {}
