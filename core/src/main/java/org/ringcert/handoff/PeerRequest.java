package org.ringcert.handoff;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.ringcert.cluster.Node;
import org.ringcert.http.HostResolver;
import org.ringcert.http.HttpGet;

/** Sends GET requests to the fronts of peers, at the addresses where peers reach them. Thread-safe. */
public final class PeerRequest {

    private final HostResolver resolver;

    public PeerRequest(HostResolver resolver) {
        this.resolver = resolver;
    }

    /**
     * Sends a request to a peer and returns its response. If one of the peer's addresses cannot be connected to, the
     * next is tried.
     *
     * @param target path and query; the caller has validated them
     * @param timeout for everything, from resolving the peer's address to the last byte of the response
     * @throws java.net.SocketTimeoutException if the timeout expires
     * @throws ConnectException if none of the addresses can be connected to
     * @throws IOException if the peer's address cannot be resolved, the connection breaks, or the response is not HTTP
     */
    public HttpGet.Response send(Node peer, String target, Duration timeout, int maxBodyBytes) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        List<InetSocketAddress> addresses = resolver.resolve(peer.address(), peer.port(), timeout);
        IOException lastFailure = new ConnectException("no address");
        for (InetSocketAddress address : addresses) {
            Duration remaining = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            try {
                return HttpGet.fetch(address, peer.authority(), target, remaining, maxBodyBytes);
            } catch (ConnectException e) {
                lastFailure = e;
            }
        }
        throw lastFailure;
    }
}
