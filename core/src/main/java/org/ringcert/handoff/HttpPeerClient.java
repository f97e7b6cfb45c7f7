package org.ringcert.handoff;

import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Node;
import org.ringcert.http.HostResolver;
import org.ringcert.http.HttpGet;

/**
 * Asks peers over plain HTTP: with the same request that a CA would make, and {@code ?left=} so that the peer does not
 * pass it on.
 */
public final class HttpPeerClient implements PeerClient {

    /** The length of the longest possible key authorization. */
    private static final int MAX_BODY_BYTES = KeyAuthorization.MAX_LENGTH;

    /** A token that no peer holds. */
    private static final Token NONEXISTENT = new Token("ringcert-is-anybody-there");

    private final PeerRequest request;

    public HttpPeerClient(HostResolver resolver) {
        this.request = new PeerRequest(resolver);
    }

    @Override
    public PeerReply ask(Node peer, Token token) {
        try {
            return interpret(token, get(peer, token));
        } catch (ConnectException e) {
            // The JDK tells a refused connection from an unreachable host by the message alone.
            return String.valueOf(e.getMessage()).startsWith("Connection refused")
                    ? new PeerReply.DoesNotHold()
                    : new PeerReply.Unclear(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new PeerReply.Unclear(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public boolean isUp(Node peer) {
        try {
            return get(peer, NONEXISTENT).status() < 500;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpGet.Response get(Node peer, Token token) throws IOException {
        String target = token.path() + "?" + RemainingNodes.toQuery(List.of());
        return request.send(peer, target, TIMEOUT, MAX_BODY_BYTES);
    }

    /** Interprets a peer's response, which is untrusted. */
    static PeerReply interpret(Token token, HttpGet.Response response) {
        int status = response.status();
        if (status == 404 || status / 100 == 3) {
            return new PeerReply.DoesNotHold();
        }
        if (status != 200) {
            return new PeerReply.Unclear("status " + status);
        }
        if (response.truncated()) {
            return new PeerReply.Unclear("status 200 with more than a key authorization");
        }
        HandoffHint hint = HandoffHint.parse(response.headers().onlyValue(HandoffHint.HEADER));
        return KeyAuthorization.parse(token, response.body())
                .<PeerReply>map(keyAuthorization -> new PeerReply.Holds(keyAuthorization, hint))
                .orElseGet(() -> new PeerReply.Unclear("status 200 with something that is not a key authorization"));
    }
}
