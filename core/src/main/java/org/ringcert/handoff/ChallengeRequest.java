package org.ringcert.handoff;

import java.net.InetAddress;
import org.ringcert.challenge.Token;

/**
 * A request for a challenge, as far as the answer depends on it: not on its Host.
 *
 * @param token what is asked for
 * @param remaining the servers still to try, as the request names them
 * @param source who asks
 */
public record ChallengeRequest(Token token, RemainingNodes remaining, InetAddress source) {}
