package org.ringcert.it.upgrade;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLServerSocket;
import org.ringcert.cluster.HostName;
import org.ringcert.it.Testbed;
import org.ringcert.it.TlsContexts;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;

/** The https of a node whose web server still shows another certificate for one site. It has none for other sites. */
final class WrongServer implements AutoCloseable {

    private final SSLServerSocket listener;

    private WrongServer(SSLServerSocket listener) {
        this.listener = listener;
    }

    /** Starts the server on a free port, which becomes that of the node's https in the configuration. */
    static WrongServer at(Testbed testbed, int node, HostName site) throws IOException, GeneralSecurityException {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        Instant now = Instant.now();
        X509Certificate certificate = SelfSignedCertificate.create(
                key, List.of(site), now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(1)));
        InetAddress address = testbed.cluster().address(node);
        SSLServerSocket listener = (SSLServerSocket)
                TlsContexts.serving(key, certificate).getServerSocketFactory().createServerSocket(0, 50, address);
        String name = "name = \"%s\"\n".formatted(testbed.cluster().node(node));
        testbed.editConfiguration(text -> text.replace(
                name, name + "https = \"%s:%d\"\n".formatted(address.getHostAddress(), listener.getLocalPort())));
        WrongServer server = new WrongServer(listener);
        Thread.ofVirtual().name("https of node " + node).start(server::acceptConnections);
        return server;
    }

    private void acceptConnections() {
        while (!listener.isClosed()) {
            try (Socket client = listener.accept()) {
                // Reading makes the handshake.
                int _ = client.getInputStream().read();
            } catch (IOException _) {
                // The client has seen the certificate and left, or the server is closed.
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
