package org.ringcert.view.visitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.http.HttpGet;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.pki.TestIssuer;

/** Tests the observer over real connections, with servers good and bad. */
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

    /** What the server does with its only connection, on a thread of its own. */
    private interface Behaviour {
        void serve(Socket socket) throws Exception;
    }

    private static TlsObservation observe(ServerSocket server, Duration timeout, Behaviour behaviour)
            throws IOException {
        try (server) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    behaviour.serve(socket);
                } catch (Exception e) {
                    // The observer has closed the connection.
                }
            });
            return TlsObserver.observe((InetSocketAddress) server.getLocalSocketAddress(), WWW, timeout);
        }
    }

    private static ServerSocket plain() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static SSLServerSocket tls() throws Exception {
        return tls(Map.of(EXPIRED, KEY));
    }

    private static SSLServerSocket tls(Map<X509Certificate, KeyPair> certificates) throws Exception {
        char[] password = "changeit".toCharArray();
        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        keyStore.load(null, null);
        for (Map.Entry<X509Certificate, KeyPair> entry : certificates.entrySet()) {
            keyStore.setKeyEntry(
                    entry.getValue().getPublic().getAlgorithm(),
                    entry.getValue().getPrivate(),
                    password,
                    new X509Certificate[] {entry.getKey()});
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(keyStore, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @Test
    void observesAnyCertificateAndSendsTheHostName() throws Exception {
        CompletableFuture<List<SNIServerName>> serverNames = new CompletableFuture<>();
        TlsObservation observation = observe(tls(), LONG, socket -> {
            SSLSocket tls = (SSLSocket) socket;
            tls.startHandshake();
            serverNames.complete(((ExtendedSSLSession) tls.getSession()).getRequestedServerNames());
        });

        assertThat(observation).isEqualTo(new TlsObservation.Served(List.of(EXPIRED), Optional.empty()));
        assertThat(serverNames.get()).containsExactly(new SNIHostName(WWW.value()));
    }

    private static TlsObservation observe(
            Map<X509Certificate, KeyPair> certificates, String protocol, KeyAlgorithm algorithm) throws Exception {
        try (SSLServerSocket server = tls(certificates)) {
            server.setEnabledProtocols(new String[] {protocol});
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        try (SSLSocket socket = (SSLSocket) server.accept()) {
                            socket.startHandshake();
                        } catch (SSLException e) {
                            // No certificate suits this client.
                        }
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            return TlsObserver.observe((InetSocketAddress) server.getLocalSocketAddress(), WWW, algorithm, LONG);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void observesTheCertificateOfOneKind(String protocol) throws Exception {
        KeyPair rsaKey = KeyType.RSA2048.generate(new SecureRandom());
        X509Certificate rsa = SelfSignedCertificate.create(
                rsaKey, List.of(WWW), Instant.now(), Instant.now().plus(Duration.ofDays(1)));

        Map<X509Certificate, KeyPair> both = Map.of(EXPIRED, KEY, rsa, rsaKey);
        assertThat(observe(both, protocol, KeyAlgorithm.EC))
                .isEqualTo(new TlsObservation.Served(List.of(EXPIRED), Optional.empty()));
        assertThat(observe(both, protocol, KeyAlgorithm.RSA))
                .isEqualTo(new TlsObservation.Served(List.of(rsa), Optional.empty()));
        assertThat(observe(Map.of(EXPIRED, KEY), protocol, KeyAlgorithm.RSA))
                .isInstanceOf(TlsObservation.NoCertificate.class);
        assertThat(observe(Map.of(rsa, rsaKey), protocol, KeyAlgorithm.EC))
                .isInstanceOf(TlsObservation.NoCertificate.class);
    }

    /** In a resumed session the server would present no certificate. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void noSessionIsResumed(String protocol) throws Exception {
        try (SSLServerSocket server = tls()) {
            server.setEnabledProtocols(new String[] {protocol});
            Thread.ofVirtual().start(() -> {
                while (!server.isClosed()) {
                    try (SSLSocket socket = (SSLSocket) server.accept()) {
                        socket.startHandshake();
                        socket.getOutputStream()
                                .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException e) {
                        // The observer has closed the connection, or the test is over.
                    }
                }
            });
            InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
            // Reads, so that the client receives the tickets of TLS 1.3.
            HttpGet.fetchOverTls(address, WWW.value(), WWW.value(), "/", LONG, 10);
            for (int i = 0; i < 3; i++) {
                assertThat(TlsObserver.observe(address, WWW, LONG))
                        .isEqualTo(new TlsObservation.Served(List.of(EXPIRED), Optional.empty()));
            }
        }
    }

    /** Finds a certificate that OpenSSL withholds from visitors who accept only RSA, because its CA's key is EC. */
    @Test
    void observesAnRsaCertificateFromACaWithAnEcKey(@TempDir Path folder) throws Exception {
        KeyPair key = KeyType.RSA2048.generate(new SecureRandom());
        Instant now = Instant.now();
        X509Certificate leaf = new TestIssuer(now)
                .chain(key.getPublic().getEncoded(), List.of(WWW), now, now.plus(Duration.ofDays(1)))
                .getFirst();
        Path file = Files.writeString(folder.resolve("combined.pem"), Pem.write(List.of(leaf)) + Pem.write(key));
        Process openssl;
        try {
            openssl = new ProcessBuilder(
                            "openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "2", "-cert", file.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            openssl = abort("openssl is not installed");
        }
        try (BufferedReader output = openssl.inputReader()) {
            int port = output.lines()
                    .filter(line -> line.startsWith("ACCEPT 127.0.0.1:"))
                    .mapToInt(line -> Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)))
                    .findFirst()
                    .orElseThrow();
            InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);

            assertThat(TlsObserver.observe(server, WWW, KeyAlgorithm.RSA, LONG))
                    .isEqualTo(new TlsObservation.Served(List.of(leaf), Optional.empty()));
        } finally {
            openssl.destroyForcibly();
        }
    }

    @Test
    void observesTheCertificateOfAServerThatRequiresOneFromClients() throws Exception {
        SSLServerSocket server = tls();
        server.setNeedClientAuth(true);
        server.setEnabledProtocols(new String[] {"TLSv1.2"});

        assertThat(observe(server, LONG, socket -> ((SSLSocket) socket).startHandshake()))
                .isInstanceOfSatisfying(TlsObservation.Served.class, served -> {
                    assertThat(served.leaf()).isEqualTo(EXPIRED);
                    assertThat(served.failure()).isPresent();
                });
    }

    @Test
    void reportsWhyThereIsNoCertificate() throws Exception {
        InetSocketAddress unused;
        try (ServerSocket closed = plain()) {
            unused = (InetSocketAddress) closed.getLocalSocketAddress();
        }
        assertThat(TlsObserver.observe(unused, WWW, LONG))
                .isEqualTo(
                        new TlsObservation.NoCertificate(TlsObservation.Obstacle.REFUSED, "the connection is refused"));

        assertThat(observe(
                        plain(),
                        LONG,
                        socket -> socket.getOutputStream()
                                .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII))))
                .isInstanceOfSatisfying(
                        TlsObservation.NoCertificate.class,
                        nothing -> assertThat(nothing.reason()).contains("handshake fails"));
        assertThat(observe(plain(), LONG, Socket::close)).isInstanceOf(TlsObservation.NoCertificate.class);
    }

    @Test
    void givesUpOnASilentOrSlowServerAfterTheTimeout() throws Exception {
        Duration timeout = Duration.ofMillis(500);

        assertThat(observe(
                        plain(),
                        timeout,
                        socket -> socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream())))
                .isEqualTo(new TlsObservation.NoCertificate(
                        TlsObservation.Obstacle.HANDSHAKE_FAILED, "no answer in time"));
        assertThat(observe(plain(), timeout, socket -> {
                    socket.getOutputStream().write(new byte[] {22, 3, 3, 64, 0});
                    while (true) {
                        socket.getOutputStream().write(0);
                        // Never silent for long, and never finished.
                        Thread.sleep(20);
                    }
                }))
                .isEqualTo(new TlsObservation.NoCertificate(
                        TlsObservation.Obstacle.HANDSHAKE_FAILED, "no answer in time"));
    }
}
