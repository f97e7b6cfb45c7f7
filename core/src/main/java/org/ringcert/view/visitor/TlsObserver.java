package org.ringcert.view.visitor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.ringcert.cluster.HostName;
import org.ringcert.http.TimeLimit;
import org.ringcert.http.UnverifiedTls;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.view.visitor.TlsObservation.NoCertificate;
import org.ringcert.view.visitor.TlsObservation.Obstacle;
import org.ringcert.view.visitor.TlsObservation.Served;

/**
 * Finds out which certificate a server presents to visitors. Performs a TLS handshake as a browser does, but accepts
 * any certificate and sends no request.
 */
public final class TlsObserver {

    private TlsObserver() {}

    /**
     * Returns the certificate that a server presents for a host name. Blocks; meant for virtual threads, where an
     * interrupt ends the wait.
     *
     * @param server a resolved address
     * @param name the name that is sent to the server (SNI; RFC 6066, section 3)
     * @param timeout for the connection and the handshake together
     */
    public static TlsObservation observe(InetSocketAddress server, HostName name, Duration timeout) {
        return observe(server, name, TlsOffer.UNRESTRICTED, timeout);
    }

    /**
     * Returns the certificate that a server presents for a host name to visitors who accept only keys of one kind.
     * Blocks as {@link #observe(InetSocketAddress, HostName, Duration)} does. May connect twice, because some servers
     * refuse certificates of a CA whose own key is of another kind to visitors who speak TLS 1.3.
     *
     * @param algorithm the only algorithm that the visitor accepts. A server without such a key normally presents no
     *     certificate, but may present one of another kind (RFC 8446, section 4.4.2.2).
     * @param timeout for all connections and handshakes together
     */
    public static TlsObservation observe(
            InetSocketAddress server, HostName name, KeyAlgorithm algorithm, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        TlsObservation observation = new NoCertificate(Obstacle.UNREACHABLE, "no answer in time");
        for (TlsOffer offer : TlsOffer.requiring(algorithm)) {
            Duration remaining = Duration.ofNanos(deadline - System.nanoTime());
            if (!remaining.isPositive()) {
                break;
            }
            observation = observe(server, name, offer, remaining);
            if (observation instanceof Served served
                    && served.leaf().getPublicKey().getAlgorithm().equals(algorithm.name())) {
                break;
            }
        }
        return observation;
    }

    private static TlsObservation observe(InetSocketAddress server, HostName name, TlsOffer offer, Duration timeout) {
        List<X509Certificate> chain = new ArrayList<>();
        Socket socket = new Socket();
        // A socket timeout would not do: a server that sends a byte from time to time never triggers it.
        try (socket;
                TimeLimit limit = TimeLimit.closeAfter(timeout, socket)) {
            try {
                socket.connect(server);
                UnverifiedTls.handshake(socket, name.value(), offer, chain::addAll);
                return completed(chain);
            } catch (IOException e) {
                return failed(chain, obstacle(socket, e), limit.hasExpired() ? "no answer in time" : reason(e));
            }
        } catch (IOException e) {
            return failed(chain, obstacle(socket, e), reason(e));
        }
    }

    private static TlsObservation completed(List<X509Certificate> chain) {
        return chain.isEmpty()
                ? new NoCertificate(Obstacle.HANDSHAKE_FAILED, "no certificate was presented")
                : new Served(chain, Optional.empty());
    }

    private static TlsObservation failed(List<X509Certificate> chain, Obstacle obstacle, String reason) {
        return chain.isEmpty() ? new NoCertificate(obstacle, reason) : new Served(chain, Optional.of(reason));
    }

    private static Obstacle obstacle(Socket socket, IOException e) {
        if (socket.isConnected()) {
            return Obstacle.HANDSHAKE_FAILED;
        }
        return isRefused(e) ? Obstacle.REFUSED : Obstacle.UNREACHABLE;
    }

    /** A connection that the system gives up after a time fails with the same type of exception. */
    private static boolean isRefused(IOException e) {
        return e instanceof ConnectException && String.valueOf(e.getMessage()).contains("refused");
    }

    private static String reason(IOException e) {
        return switch (e) {
            case ConnectException refused when isRefused(refused) -> "the connection is refused";
            case SSLException tls -> "the TLS handshake fails: " + tls.getMessage();
            default -> "the connection fails: " + e.getMessage();
        };
    }
}
