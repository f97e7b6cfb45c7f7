package org.ringcert.daemon.config;

import org.tomlj.TomlPosition;

/**
 * A CA and positions in the file.
 *
 * @param directoryAt the position of its directory
 * @param handoffAt the position of its {@code handoff}; without that key, of its directory
 */
record LocatedAcme(AcmeSettings settings, TomlPosition directoryAt, TomlPosition handoffAt) {}
