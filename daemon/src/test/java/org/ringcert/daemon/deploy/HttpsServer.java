package org.ringcert.daemon.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A server on a free loopback port that presents each visitor one of its certificates and closes the connection. */
final class HttpsServer implements AutoCloseable {

    private final SSLServerSocket socket;
    private final AtomicInteger visits = new AtomicInteger();

    /** @param certificates with their keys, at most one for each kind of key */
    HttpsServer(Map<X509Certificate, KeyPair> certificates) throws IOException, GeneralSecurityException {
        char[] password = "changeit".toCharArray();
        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        keyStore.load(null, null);
        for (Map.Entry<X509Certificate, KeyPair> entry : certificates.entrySet()) {
            KeyPair key = entry.getValue();
            X509Certificate[] chain = {entry.getKey()};
            keyStore.setKeyEntry(key.getPublic().getAlgorithm(), key.getPrivate(), password, chain);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(keyStore, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
        try {
            while (true) {
                try (SSLSocket visitor = (SSLSocket) socket.accept()) {
                    visits.incrementAndGet();
                    visitor.startHandshake();
                } catch (SSLException e) {
                    // No certificate suits this visitor.
                }
            }
        } catch (IOException e) {
            // The server is closed.
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Returns the number of connections so far. */
    int visits() {
        return visits.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
