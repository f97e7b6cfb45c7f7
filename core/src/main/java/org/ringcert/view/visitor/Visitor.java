package org.ringcert.view.visitor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.ringcert.cluster.HostName;
import org.ringcert.http.TimeLimit;

/** Opens TLS as a browser does for a site, only to see the certificate: it trusts every one, and sends nothing. */
public final class Visitor {

    private Visitor() {}

    /**
     * Looks which certificate a server shows for a name (RFC 6066, section 3). Blocks; meant for virtual threads, where an interrupt ends it.
     *
     * @param to a resolved address
     * @param name whom the visitor wants
     * @param patience for all of it
     */
    public static Sight visit(InetSocketAddress to, HostName name, Duration patience) {
        Shown shown = new Shown();
        Socket socket = new Socket();
        // a server that sends a byte now and then is never silent for long enough to be timed out
        try (socket;
                TimeLimit limit = TimeLimit.of(patience, socket)) {
            try {
                socket.connect(to);
                shakeHands(socket, to, name, shown);
            } catch (IOException e) {
                return shown.sight(limit.isOver() ? "nobody answers in time" : reason(e));
            }
            return shown.sight("no certificate was shown");
        } catch (IOException e) {
            return shown.sight(reason(e));
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case ConnectException refused -> "the connection is refused";
            case SSLException tls -> "the TLS handshake fails: " + tls.getMessage();
            default -> "the connection fails: " + e.getMessage();
        };
    }

    private static void shakeHands(Socket socket, InetSocketAddress to, HostName name, Shown shown) throws IOException {
        SSLSocket tls =
                (SSLSocket) trusting(shown).getSocketFactory().createSocket(socket, name.value(), to.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name.value())));
        tls.setSSLParameters(parameters);
        tls.startHandshake();
    }

    private static SSLContext trusting(Shown shown) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {shown}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** Trusts everybody and keeps what was shown, so that it is known although the handshake fails later. */
    private static final class Shown extends X509ExtendedTrustManager {
        private volatile Optional<X509Certificate> leaf = Optional.empty();

        Sight sight(String otherwise) {
            return leaf.<Sight>map(Sight.Served::new).orElseGet(() -> new Sight.Nothing(otherwise));
        }

        private void keep(X509Certificate[] chain) {
            leaf = Optional.of(chain[0]);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            keep(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            keep(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            keep(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
