package org.ringcert.handoff;

import java.util.Set;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.Node;

/** What a lookup of the holder of a token found. */
sealed interface LookupResult {

    record HolderFound(Node holder, KeyAuthorization keyAuthorization, HandoffHint hint) implements LookupResult {}

    /**
     * No peer said that it holds the token.
     *
     * @param possibleHolders peers that did not rule out that they hold it
     */
    record HolderNotFound(Set<Node> possibleHolders) implements LookupResult {}

    /** No peer was asked, because the budget is used up or too many lookups are in progress. */
    record NotAsked() implements LookupResult {}
}
