package org.ringcert.view.look;

import java.net.InetAddress;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;

/**
 * A peer's wish that this node look at a name: {@code GET /.well-known/acme-challenge/TOKEN?at=NODE&look=NAME}.
 *
 * @param token what NODE must hold
 * @param at the configured node that is asked whether it holds the token
 * @param name a name of a configured site or node
 * @param source the client, whose budget is charged
 */
public record LookRequest(Token token, Node at, HostName name, InetAddress source) {}
