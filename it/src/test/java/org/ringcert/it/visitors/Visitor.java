package org.ringcert.it.visitors;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.ringcert.cluster.HostName;
import org.ringcert.it.TlsContexts;

/** A browser, as far as certificates are concerned: it trusts some roots, and refuses what a browser would refuse. */
final class Visitor {

    private static final int TIMEOUT_MILLIS = 20_000;

    private final SSLContext context;

    private Visitor(SSLContext context) {
        this.context = context;
    }

    static Visitor trusting(List<X509Certificate> roots) throws IOException, GeneralSecurityException {
        return new Visitor(TlsContexts.trusting(roots));
    }

    /**
     * What a visitor got.
     *
     * @param body of the page
     */
    record Visit(X509Certificate certificate, String body) {}

    /**
     * Opens a site's first page.
     *
     * @param server an IP address and a port
     * @throws IOException if the visitor sees an error instead of the page
     */
    Visit visit(InetSocketAddress server, HostName name) throws IOException {
        try (Socket tcp = new Socket()) {
            tcp.connect(server, TIMEOUT_MILLIS);
            tcp.setSoTimeout(TIMEOUT_MILLIS);
            try (SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(tcp, name.value(), server.getPort(), true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(name.value())));
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                                .formatted(name)
                                .getBytes(StandardCharsets.US_ASCII));
                String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                if (!response.startsWith("HTTP/1.1 200 ")) {
                    throw new IOException("not the page: " + response);
                }
                return new Visit(
                        (X509Certificate) socket.getSession().getPeerCertificates()[0],
                        response.substring(response.indexOf("\r\n\r\n") + 4));
            }
        }
    }

    /** Returns whether the visitor sees the page. */
    boolean isServed(InetSocketAddress server, HostName name) {
        try {
            visit(server, name);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
