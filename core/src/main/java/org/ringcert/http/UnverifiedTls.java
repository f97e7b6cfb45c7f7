package org.ringcert.http;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS that accepts any certificate. For following http-01 redirects to https, as CAs do, and for looking at the
 * certificates that a server presents.
 *
 * <p>All connections share one context, but no sessions: in a resumed session the server would present no certificate.
 */
public final class UnverifiedTls {

    /** Receives what the server presents in the handshake that runs on this thread. */
    private static final ScopedValue<Consumer<List<X509Certificate>>> RECIPIENT = ScopedValue.newInstance();

    private static final SSLContext CONTEXT = context();

    /** Numbers the connections. The context looks for sessions by host and port, and finds none under a new name. */
    private static final AtomicLong CONNECTIONS = new AtomicLong();

    private UnverifiedTls() {}

    /**
     * Performs a TLS handshake on the connection, with everything that this Java runtime supports by default. Closing
     * the returned socket closes the connection.
     *
     * @param serverName the name for SNI (RFC 6066, section 3), in ASCII
     * @param onCertificates receives the certificates that the server presents, its own first and at least that, even
     *     if the handshake fails afterwards
     */
    public static SSLSocket handshake(Socket plain, String serverName, Consumer<List<X509Certificate>> onCertificates)
            throws IOException {
        return handshake(plain, serverName, _ -> {}, onCertificates);
    }

    /**
     * Performs a TLS handshake as {@link #handshake(Socket, String, Consumer)} does, with a restricted offer.
     *
     * @param restriction changes the default protocols, cipher suites and signature schemes that are offered
     */
    public static SSLSocket handshake(
            Socket plain,
            String serverName,
            Consumer<SSLParameters> restriction,
            Consumer<List<X509Certificate>> onCertificates)
            throws IOException {
        return handshake(plain, Optional.of(serverName), restriction, onCertificates);
    }

    /**
     * Performs a TLS handshake with a restricted offer.
     *
     * @param serverName the name for SNI (RFC 6066, section 3), in ASCII; empty to send none, as for an IP address
     * @param restriction changes the default protocols, cipher suites and signature schemes that are offered
     * @param onCertificates receives the certificates that the server presents, its own first and at least that, even
     *     if the handshake fails afterwards
     */
    public static SSLSocket handshake(
            Socket plain,
            Optional<String> serverName,
            Consumer<SSLParameters> restriction,
            Consumer<List<X509Certificate>> onCertificates)
            throws IOException {
        // The name has no dot, so it is not sent as a server name.
        String connection = "connection-" + CONNECTIONS.incrementAndGet();
        SSLSocket tls = (SSLSocket) CONTEXT.getSocketFactory().createSocket(plain, connection, plain.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setServerNames(serverName
                .<List<SNIServerName>>map(name -> List.of(new AsciiName(name)))
                .orElse(List.of()));
        restriction.accept(parameters);
        tls.setSSLParameters(parameters);
        return ScopedValue.where(RECIPIENT, onCertificates).call(() -> {
            tls.startHandshake();
            return tls;
        });
    }

    private static SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            // The smallest limit; zero would mean none.
            context.getClientSessionContext().setSessionCacheSize(1);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }

    /**
     * A host name. The JDK's own class would load the tables of all scripts, in order to translate names into ASCII.
     */
    private static final class AsciiName extends SNIServerName {

        AsciiName(String name) {
            super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Accepts any certificate and gives it to the recipient of this thread. */
    private static final class AnyCertificate extends X509ExtendedTrustManager {

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            // A renegotiation takes place after the handshake, when there is no recipient.
            RECIPIENT.orElse(_ -> {}).accept(List.of(chain));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

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
