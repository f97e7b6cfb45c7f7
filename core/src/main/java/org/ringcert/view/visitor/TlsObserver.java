package org.ringcert.view.visitor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.HostName;
import org.ringcert.http.TimeLimit;
import org.ringcert.http.UnverifiedTls;

/** Opens TLS as a browser does for a site, only to see the certificate: it trusts every one, and sends nothing. */
public final class TlsObserver {

    private TlsObserver() {}

    /**
     * Looks which certificate a server shows for a name (RFC 6066, section 3). Blocks; meant for virtual threads, where
     * an interrupt ends it.
     *
     * @param to a resolved address
     * @param name whom the visitor wants
     * @param patience for all of it
     */
    public static TlsObservation observe(InetSocketAddress to, HostName name, Duration patience) {
        AtomicReference<@Nullable X509Certificate> shown = new AtomicReference<>();
        Socket socket = new Socket();
        // a server that sends a byte now and then is never silent for long enough to be timed out
        try (socket;
                TimeLimit limit = TimeLimit.closeAfter(patience, socket)) {
            try {
                socket.connect(to);
                UnverifiedTls.handshake(socket, name.value(), shown::set);
            } catch (IOException e) {
                return sight(shown.get(), limit.hasExpired() ? "nobody answers in time" : reason(e));
            }
            return sight(shown.get(), "no certificate was shown");
        } catch (IOException e) {
            return sight(shown.get(), reason(e));
        }
    }

    private static TlsObservation sight(@Nullable X509Certificate shown, String otherwise) {
        return shown == null ? new TlsObservation.NoCertificate(otherwise) : new TlsObservation.Served(shown);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case ConnectException refused -> "the connection is refused";
            case SSLException tls -> "the TLS handshake fails: " + tls.getMessage();
            default -> "the connection fails: " + e.getMessage();
        };
    }
}
