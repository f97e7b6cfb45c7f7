package org.ringcert.handoff;

import java.net.InetAddress;
import org.ringcert.challenge.Token;

/**
 * A request for a challenge, as far as the answer depends on it: not on its Host.
 *
 * @param token what is asked for
 * @param left the servers still to try, as the request names them
 * @param source who asks
 */
public record ChallengeRequest(Token token, RemainingNodes left, InetAddress source) {}
