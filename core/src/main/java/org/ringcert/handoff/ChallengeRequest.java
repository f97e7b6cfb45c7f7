package org.ringcert.handoff;

import java.net.InetAddress;
import org.ringcert.challenge.Token;

/**
 * The parts of a challenge request that the answer depends on. The Host header is not one of them.
 *
 * @param token the requested token
 * @param remaining the nodes still to try, according to the request's query
 * @param source the address of the client
 * @param userAgent the client's name for itself, or an empty string; untrusted
 */
public record ChallengeRequest(Token token, RemainingNodes remaining, InetAddress source, String userAgent) {}
