package org.ringcert.daemon.config;

import org.tomlj.TomlPosition;

/** A node and the positions of its name and port in the file; of the name twice if the file has no port. */
record LocatedNode(NodeSettings settings, TomlPosition nameAt, TomlPosition portAt) {}
