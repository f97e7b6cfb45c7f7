package org.ringcert.http;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS that takes every certificate: as CAs do where http-01 is redirected to https, and for who only wants to see which
 * one is shown.
 */
public final class UnverifiedTls extends X509ExtendedTrustManager {

    private final Consumer<X509Certificate> shown;

    private UnverifiedTls(Consumer<X509Certificate> shown) {
        this.shown = shown;
    }

    /**
     * TLS over that connection, with its handshake done. Closing it closes the connection.
     *
     * @param serverName whom the client wants (RFC 6066, section 3)
     * @param shown is given the server's certificate, also where the handshake fails later
     */
    public static SSLSocket handshake(Socket plain, String serverName, Consumer<X509Certificate> shown)
            throws IOException {
        SSLSocket tls =
                (SSLSocket) context(shown).getSocketFactory().createSocket(plain, serverName, plain.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    private static SSLContext context(Consumer<X509Certificate> shown) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new UnverifiedTls(shown)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
        shown.accept(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        shown.accept(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
        shown.accept(chain[0]);
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
