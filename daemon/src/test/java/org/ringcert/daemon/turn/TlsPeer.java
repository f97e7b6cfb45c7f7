package org.ringcert.daemon.turn;

import java.io.IOException;
import java.net.InetAddress;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** The https of a peer, on a free port of this machine. */
final class TlsPeer implements AutoCloseable {

    private static final char[] PASSWORD = new char[0];

    private final SSLServerSocket socket;
    private final AtomicInteger visits = new AtomicInteger();

    private TlsPeer(SSLServerSocket socket) {
        this.socket = socket;
    }

    static TlsPeer start(KeyPair key, X509Certificate leaf) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("site", key.getPrivate(), PASSWORD, List.of(leaf).toArray(X509Certificate[]::new));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        TlsPeer peer = new TlsPeer((SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 0, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(peer::accept);
        return peer;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try (SSLSocket connection = (SSLSocket) socket.accept()) {
                visits.incrementAndGet();
                connection.startHandshake();
            } catch (IOException e) {
                // A client that has seen the certificate, or the end of the test.
            }
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    int visits() {
        return visits.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
