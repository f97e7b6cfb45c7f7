package org.ringcert.view.visitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;

/** A visitor of real sockets, good and bad. */
@Timeout(60)
class TlsObserverTest {

    private static final HostName WWW = new HostName("www.example.org");
    private static final Duration LONG = Duration.ofSeconds(60);

    private static final KeyPair KEY = KeyType.EC256.generate(new SecureRandom());
    private static final X509Certificate EXPIRED = SelfSignedCertificate.create(
            KEY,
            List.of(new HostName("other.example.org")),
            Instant.parse("2020-01-01T00:00:00Z"),
            Instant.parse("2020-02-01T00:00:00Z"));

    /** Serves one connection, on a thread of its own. */
    private interface Guest {
        void serve(Socket socket) throws Exception;
    }

    private static TlsObservation visit(ServerSocket server, Duration patience, Guest guest) throws IOException {
        try (server) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    guest.serve(socket);
                } catch (Exception e) {
                    // the visitor has gone
                }
            });
            return TlsObserver.observe((InetSocketAddress) server.getLocalSocketAddress(), WWW, patience);
        }
    }

    private static ServerSocket plain() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static SSLServerSocket tls() throws Exception {
        char[] password = "changeit".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("it", KEY.getPrivate(), password, new X509Certificate[] {EXPIRED});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @Test
    void aCertificateThatIsExpiredSelfSignedAndAnothersIsSeenAndTheServerIsToldWhomTheVisitorWants() throws Exception {
        CompletableFuture<List<SNIServerName>> wanted = new CompletableFuture<>();
        TlsObservation sight = visit(tls(), LONG, socket -> {
            SSLSocket tls = (SSLSocket) socket;
            tls.startHandshake();
            wanted.complete(((ExtendedSSLSession) tls.getSession()).getRequestedServerNames());
        });

        assertThat(sight).isEqualTo(new TlsObservation.Served(EXPIRED));
        assertThat(wanted.get()).containsExactly(new SNIHostName(WWW.value()));
    }

    @Test
    void aServerThatLetsNobodyInWithoutACertificateHasShownItsOwn() throws Exception {
        SSLServerSocket server = tls();
        server.setNeedClientAuth(true);
        server.setEnabledProtocols(new String[] {"TLSv1.2"});

        assertThat(visit(server, LONG, socket -> ((SSLSocket) socket).startHandshake()))
                .isEqualTo(new TlsObservation.Served(EXPIRED));
    }

    @Test
    void whereNobodyIsThereOrSpeaksTlsNothingIsSeenWithTheReason() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket closed = plain()) {
            nobody = (InetSocketAddress) closed.getLocalSocketAddress();
        }
        assertThat(TlsObserver.observe(nobody, WWW, LONG))
                .isEqualTo(new TlsObservation.NoCertificate("the connection is refused"));

        assertThat(visit(
                        plain(),
                        LONG,
                        socket -> socket.getOutputStream()
                                .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII))))
                .isInstanceOfSatisfying(
                        TlsObservation.NoCertificate.class,
                        nothing -> assertThat(nothing.reason()).contains("handshake fails"));
        assertThat(visit(plain(), LONG, Socket::close)).isInstanceOf(TlsObservation.NoCertificate.class);
    }

    @Test
    void oneThatSaysNothingOrAByteNowAndThenIsNotWaitedForLongerThanPatienceAllows() throws Exception {
        Duration patience = Duration.ofMillis(500);

        assertThat(visit(
                        plain(),
                        patience,
                        socket -> socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream())))
                .isEqualTo(new TlsObservation.NoCertificate("no answer in time"));
        assertThat(visit(plain(), patience, socket -> {
                    socket.getOutputStream().write(new byte[] {22, 3, 3, 64, 0});
                    while (true) {
                        socket.getOutputStream().write(0);
                        // as slow as it takes to never be silent for long and never be done
                        Thread.sleep(20);
                    }
                }))
                .isEqualTo(new TlsObservation.NoCertificate("no answer in time"));
    }
}
