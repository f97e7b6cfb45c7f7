package org.ringcert.handoff;

import java.util.function.Predicate;

/**
 * What a node adds to {@link HandoffMode#REDIRECT} if at least one of its CAs does not follow redirects to another
 * name. Nobody but the holder can see which CA a token belongs to. So the node believes its peers'
 * {@link HandoffHint}s, unless the request comes from a CA that is known to follow redirects.
 *
 * @param hints the hints that this node gives its peers about the tokens that it holds
 * @param followsRedirects whether a request with this User-Agent comes from a CA that is known to follow redirects;
 *     thread-safe
 */
public record RelayPolicy(HandoffHints hints, Predicate<String> followsRedirects) {

    /** Returns whether this node gives the CA a peer's answer itself instead of redirecting the CA to the peer. */
    boolean relays(ChallengeRequest request, HandoffHint hint) {
        return hint == HandoffHint.RELAY && !followsRedirects.test(request.userAgent());
    }
}
