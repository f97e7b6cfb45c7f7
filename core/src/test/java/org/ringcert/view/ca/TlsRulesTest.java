package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 17: redirects to https. */
class TlsRulesTest {

    private static final String PATH = WalkLab.ANSWER.token().path();

    private WalkLab lab;

    @BeforeEach
    void start() throws IOException {
        lab = new WalkLab();
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    private Walk walkToHttps(RawServer https, String host) {
        lab.httpsPort = https.port();
        return lab.walkBy("https://" + host + ":" + https.port() + PATH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void rule17AcceptsAnyCertificateAndSendsTheName(String protocol) throws IOException {
        SSLServerSocket listener = TlsServer.listen();
        listener.setEnabledProtocols(new String[] {protocol});
        BlockingQueue<String> names = new ArrayBlockingQueue<>(1);
        try (RawServer https = RawServer.start(listener)) {
            https.handle(socket -> {
                https.requests().add(RawServer.readHead(socket));
                ExtendedSSLSession session = (ExtendedSSLSession) ((SSLSocket) socket).getSession();
                names.add(session.getRequestedServerNames().toString());
                RawServer.send(socket, WalkLab.ok());
            });
            Walk walk = walkToHttps(https, "www.example.org");
            assertThat(walk.isAccepted()).as("%s", walk).isTrue();
            assertThat(names.remove()).contains("www.example.org");
            assertThat(https.requests().getFirst())
                    .contains("Host: www.example.org:" + https.port() + "\r\n")
                    .contains("Referer: " + lab.url("www.example.org", PATH) + "\r\n");
        }
    }

    @Test
    void rule17SendsNoNameToAnIpAddress() throws IOException {
        BlockingQueue<Integer> names = new ArrayBlockingQueue<>(1);
        try (RawServer https = RawServer.start(TlsServer.listen())) {
            https.handle(socket -> {
                RawServer.readHead(socket);
                ExtendedSSLSession session = (ExtendedSSLSession) ((SSLSocket) socket).getSession();
                names.add(session.getRequestedServerNames().size());
                RawServer.send(socket, WalkLab.ok());
            });
            assertThat(walkToHttps(https, "127.0.0.1").isAccepted()).isTrue();
            assertThat(names.remove()).isZero();
        }
    }

    @Test
    void rule3SendsNoRefererFromHttpsToHttp() throws IOException {
        try (RawServer https = RawServer.start(TlsServer.listen())) {
            https.respond(request -> WalkLab.redirect(lab.url("www.example.org", "/back")));
            assertThat(walkToHttps(https, "www.example.org").isAccepted()).isTrue();
            assertThat(lab.server.requests().getLast()).startsWith("GET /back").doesNotContain("Referer");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void rule17RefusesADemandForAClientCertificate(String protocol) throws IOException {
        SSLServerSocket listener = TlsServer.listen();
        listener.setEnabledProtocols(new String[] {protocol});
        listener.setNeedClientAuth(true);
        try (RawServer https = RawServer.start(listener)) {
            https.respond(request -> WalkLab.ok());
            Problem problem = WalkLab.refusal(walkToHttps(https, "www.example.org"));
            assertThat(problem.rule()).isEqualTo(Rule.TLS);
            assertThat(problem.remedy()).contains("client certificate");
        }
    }

    @Test
    void rule17RefusesGroupsThatCasDoNotHave() throws IOException {
        SSLServerSocket listener = TlsServer.listen();
        SSLParameters parameters = listener.getSSLParameters();
        parameters.setNamedGroups(new String[] {"x448"});
        listener.setSSLParameters(parameters);
        try (RawServer https = RawServer.start(listener)) {
            https.respond(request -> WalkLab.ok());
            assertThat(WalkLab.refusal(walkToHttps(https, "www.example.org")).rule())
                    .isEqualTo(Rule.TLS);
        }
    }

    @Test
    void rule17RefusesPlainHttp() throws IOException {
        try (RawServer plain = RawServer.start(WalkLab.LOOPBACK, 0)) {
            plain.handle(socket -> {
                socket.getInputStream().read();
                RawServer.send(socket, "HTTP/1.1 400 Bad Request\r\n\r\n");
            });
            Problem problem = WalkLab.refusal(walkToHttps(plain, "www.example.org"));
            assertThat(problem.rule()).isEqualTo(Rule.TLS);
            assertThat(problem.caSays()).endsWith("Server only speaks HTTP, not TLS");
        }
    }

    /** Also proves that TLS 1.0, TLS 1.1 and suites without forward secrecy are refused: they are not offered. */
    @Test
    void rule17OffersWhatCasOffer() throws Exception {
        BlockingQueue<ClientHello> hellos = new ArrayBlockingQueue<>(1);
        try (RawServer https = RawServer.start(WalkLab.LOOPBACK, 0)) {
            https.handle(socket -> hellos.add(ClientHello.read(socket)));
            assertThat(WalkLab.refusal(walkToHttps(https, "www.example.org")).rule())
                    .isEqualTo(Rule.TLS);
        }
        ClientHello hello = hellos.remove();
        // RFC 8446, 8422, 5289 and 7905. No TLS_RSA (static RSA), no DHE, no 3DES.
        assertThat(hello.suites())
                .containsExactlyInAnyOrder(
                        0x1301, 0x1302, 0x1303, 0xc02b, 0xc02c, 0xcca9, 0xc009, 0xc00a, 0xc02f, 0xc030, 0xcca8, 0xc013,
                        0xc014);
        assertThat(hello.hex(43)).as("supported versions: 1.3 and 1.2").isEqualTo("0403040303");
        assertThat(hello.hex(10)).as("groups").isEqualTo("0008001d001700180019");
        assertThat(hello.hex(13)).as("signatures without SHA-1").doesNotContain("0201", "0203");
        assertThat(hello.extensions()).as("no ALPN").doesNotContainKey(16);
    }

    /** The first message of a client (RFC 8446, section 4.1.2). */
    private record ClientHello(List<Integer> suites, Map<Integer, byte[]> extensions) {

        static ClientHello read(Socket socket) throws IOException {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.skipNBytes(3);
            byte[] record = in.readNBytes(in.readUnsignedShort());
            ByteBuffer hello = ByteBuffer.wrap(record).position(4 + 2 + 32);
            hello.position(hello.position() + 1 + hello.get(hello.position()));
            List<Integer> suites = new ArrayList<>();
            for (int end = (hello.getShort() & 0xffff) + hello.position(); hello.position() < end; ) {
                suites.add(hello.getShort() & 0xffff);
            }
            suites.removeIf(suite -> suite == 0x00ff);
            hello.position(hello.position() + 1 + hello.get(hello.position()));
            Map<Integer, byte[]> extensions = new HashMap<>();
            hello.getShort();
            while (hello.hasRemaining()) {
                int type = hello.getShort() & 0xffff;
                byte[] content = new byte[hello.getShort() & 0xffff];
                hello.get(content);
                extensions.put(type, content);
            }
            return new ClientHello(suites, extensions);
        }

        String hex(int extension) {
            return HexFormat.of()
                    .formatHex(extensions.getOrDefault(extension, "none".getBytes(StandardCharsets.UTF_8)));
        }
    }
}
