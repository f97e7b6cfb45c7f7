package org.ringcert.daemon.canary;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * Presents a certificate on a free port of this machine, so that it can be tested before visitors get it. Answers each
 * request with an empty page. Runs until it is closed.
 */
final class TestServer implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final byte[] RESPONSE =
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_REQUEST = 1 << 14;
    private static final char[] PASSWORD = new char[0];

    private final SSLServerSocket socket;

    private TestServer(SSLServerSocket socket) {
        this.socket = socket;
    }

    /** Starts a server. @throws IOException if the certificate cannot be presented */
    static TestServer start(KeyPair key, List<X509Certificate> chain) throws IOException {
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry("site", key.getPrivate(), PASSWORD, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            TestServer server = new TestServer((SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, 0, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().name("canary-test").start(server::accept);
            return server;
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate cannot be presented: " + e.getMessage(), e);
        }
    }

    /** Returns the address where it listens. */
    String host() {
        return socket.getInetAddress().getHostAddress();
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                SSLSocket connection = (SSLSocket) socket.accept();
                Thread.ofVirtual().start(() -> answer(connection));
            } catch (IOException e) {
                // Closed, or a client that went away.
            }
        }
    }

    private static void answer(SSLSocket connection) {
        try (connection) {
            connection.setSoTimeout((int) TIMEOUT.toMillis());
            connection.startHandshake();
            if (connection.getInputStream().read(new byte[MAX_REQUEST]) > 0) {
                connection.getOutputStream().write(RESPONSE);
            }
        } catch (IOException e) {
            // A client that only wants the certificate.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
