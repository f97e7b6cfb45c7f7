package org.ringcert.daemon.config;

import java.util.Optional;
import org.tomlj.TomlPosition;

/**
 * A CA and positions in the file.
 *
 * @param directoryAt the position of its directory
 * @param handoffAt the position of its {@code handoff}; without that key, of its directory
 * @param keysAt the position of its {@code keys} or {@code key}; without these, of its directory; empty if they are
 *     wrong, so that nothing can be said about them
 * @param reuseKeyAt the position of its {@code reuse-key}; without that key, of its directory
 */
record LocatedAcme(
        AcmeSettings settings,
        TomlPosition directoryAt,
        TomlPosition handoffAt,
        Optional<TomlPosition> keysAt,
        TomlPosition reuseKeyAt) {}
