package org.ringcert.view.ca;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;

/** Listens for TLS on loopback, with an expired certificate of another name that it has signed itself. */
final class TlsServer {

    private static final char[] PASSWORD = {};

    static final X509Certificate CERTIFICATE;
    private static final SSLContext CONTEXT;

    static {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        CERTIFICATE = SelfSignedCertificate.create(
                key,
                List.of(new HostName("other.example.net")),
                Instant.parse("2020-01-01T00:00:00Z"),
                Instant.parse("2020-02-01T00:00:00Z"));
        CONTEXT = context(key);
    }

    private TlsServer() {}

    private static SSLContext context(KeyPair key) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("key", key.getPrivate(), PASSWORD, new Certificate[] {CERTIFICATE});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    static SSLServerSocket listen() throws IOException {
        return (SSLServerSocket) CONTEXT.getServerSocketFactory().createServerSocket(0, 50, WalkLab.LOOPBACK);
    }
}
