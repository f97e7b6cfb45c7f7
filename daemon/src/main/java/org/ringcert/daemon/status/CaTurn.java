package org.ringcert.daemon.status;

import java.net.URI;
import org.ringcert.store.PendingTurn;

/**
 * The turn that an order at one CA waits for. Immutable.
 *
 * @param ca the name of the CA
 * @param directory the URL of the CA's directory
 */
public record CaTurn(String ca, URI directory, PendingTurn turn) {}
