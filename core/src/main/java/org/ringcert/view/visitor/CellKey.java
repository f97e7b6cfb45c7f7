package org.ringcert.view.visitor;

import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyAlgorithm;

/**
 * Identifies a cell of the matrix.
 *
 * @param site the site's name
 * @param kind the only kind of key that the visitor accepts; empty if the site has certificates of one kind
 * @param node the server's name
 */
public record CellKey(HostName site, Optional<KeyAlgorithm> kind, HostName node) {}
