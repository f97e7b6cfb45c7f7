package org.ringcert.http;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS that accepts any certificate. For following http-01 redirects to https, as CAs do, and for looking at the
 * certificate that a server presents.
 */
public final class UnverifiedTls extends X509ExtendedTrustManager {

    private final Consumer<X509Certificate> onCertificate;

    private UnverifiedTls(Consumer<X509Certificate> onCertificate) {
        this.onCertificate = onCertificate;
    }

    /**
     * Performs a TLS handshake on the connection, with everything that this Java runtime supports by default. Closing
     * the returned socket closes the connection.
     *
     * @param serverName the name for SNI (RFC 6066, section 3)
     * @param onCertificate receives the server's certificate, even if the handshake fails afterwards
     */
    public static SSLSocket handshake(Socket plain, String serverName, Consumer<X509Certificate> onCertificate)
            throws IOException {
        return handshake(plain, serverName, _ -> {}, onCertificate);
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
            Consumer<X509Certificate> onCertificate)
            throws IOException {
        return handshake(plain, Optional.of(serverName), restriction, onCertificate);
    }

    /**
     * Performs a TLS handshake with a restricted offer.
     *
     * @param serverName the name for SNI (RFC 6066, section 3); empty to send none, as for an IP address
     * @param restriction changes the default protocols, cipher suites and signature schemes that are offered
     * @param onCertificate receives the server's certificate, even if the handshake fails afterwards
     */
    public static SSLSocket handshake(
            Socket plain,
            Optional<String> serverName,
            Consumer<SSLParameters> restriction,
            Consumer<X509Certificate> onCertificate)
            throws IOException {
        String peer = serverName.orElseGet(() -> plain.getInetAddress().getHostAddress());
        SSLSocket tls =
                (SSLSocket) context(onCertificate).getSocketFactory().createSocket(plain, peer, plain.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setServerNames(serverName
                .<List<SNIServerName>>map(name -> List.of(new SNIHostName(name)))
                .orElse(List.of()));
        restriction.accept(parameters);
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    private static SSLContext context(Consumer<X509Certificate> onCertificate) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new UnverifiedTls(onCertificate)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
        onCertificate.accept(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        onCertificate.accept(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
        onCertificate.accept(chain[0]);
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
