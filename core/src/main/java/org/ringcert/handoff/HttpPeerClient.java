package org.ringcert.handoff;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Node;
import org.ringcert.http.HostResolver;
import org.ringcert.http.HttpGet;

/** Asks peers over plain HTTP: the same request as the CA's, with {@code ?left=} so that it ends there. */
public final class HttpPeerClient implements PeerClient {

    /** CAs make tokens of 43 characters, and key authorizations of 87. */
    private static final int LARGEST_BODY = KeyAuthorization.MAX_LENGTH;

    private static final Token NOBODY_HOLDS = new Token("ringcert-is-anybody-there");

    private final HostResolver addresses;

    public HttpPeerClient(HostResolver addresses) {
        this.addresses = addresses;
    }

    @Override
    public PeerReply ask(Node peer, Token token) {
        try {
            return read(token, get(peer, token));
        } catch (ConnectException e) {
            // the JDK has no other sign of it than its message
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
            return get(peer, NOBODY_HOLDS).status() < 500;
        } catch (IOException e) {
            return false;
        }
    }

    /** Tries the peer's addresses in turn, within one patience. */
    private HttpGet.Response get(Node peer, Token token) throws IOException {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        List<InetSocketAddress> found = addresses.resolve(peer.address(), peer.port(), TIMEOUT);
        IOException last = new ConnectException("no address");
        for (InetSocketAddress address : found) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            try {
                return HttpGet.fetch(address, peer.authority(), token.path() + "?left=", left, LARGEST_BODY);
            } catch (ConnectException e) {
                last = e;
            }
        }
        throw last;
    }

    /** What a peer's answer means; the answer is hostile. */
    static PeerReply read(Token token, HttpGet.Response response) {
        int status = response.status();
        if (status == 404 || status / 100 == 3) {
            return new PeerReply.DoesNotHold();
        }
        if (status != 200) {
            return new PeerReply.Unclear("status " + status);
        }
        if (response.truncated()) {
            return new PeerReply.Unclear("a longer answer than a key authorization");
        }
        return KeyAuthorization.parse(token, response.body())
                .<PeerReply>map(PeerReply.Holds::new)
                .orElseGet(() -> new PeerReply.Unclear("status 200 with something that is no key authorization"));
    }
}
