package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;

/** A server that can reach the CA only through a proxy: the CA's name has no address here. */
class ProxyTest {

    private static final String CA = "ca.ringcert.invalid";
    private static final URI DIRECTORY = URI.create("https://" + CA + "/dir");
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final List<String> headersAtCa = new CopyOnWriteArrayList<>();
    private HttpsServer server;
    private X509Certificate root;

    @BeforeEach
    void start() throws Exception {
        Instant now = Instant.now();
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        root = SelfSignedCertificate.create(key, List.of(new HostName(CA)), now, now.plus(Duration.ofDays(1)));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("ca", key.getPrivate(), PASSWORD, new X509Certificate[] {root});
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/dir", exchange -> {
            headersAtCa.addAll(exchange.getRequestHeaders().keySet());
            byte[] body = """
                    {"newNonce":"https://%1$s/n","newAccount":"https://%1$s/a","newOrder":"https://%1$s/o",
                    "meta":{"profiles":{"classic":""}}}""".formatted(CA).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTPS_PROXY, http://127.0.0.1:PORT",
        "https_proxy, http://127.0.0.1:PORT/",
        "HTTPS_PROXY, 127.0.0.1:PORT",
        "HTTPS_PROXY, ' HTTP://localhost:PORT '",
    })
    void reachesTheCaThroughTheProxy(String variable, String value) throws Exception {
        try (ConnectProxy proxy = proxy(ConnectProxy.TUNNEL)) {
            assertThat(profiles(Map.of(variable, value.replace("PORT", "" + proxy.port()))))
                    .containsExactly("classic");
            assertThat(proxy.requests())
                    .singleElement()
                    .asString()
                    .startsWith("CONNECT " + CA + ":443 HTTP/1.1")
                    .doesNotContainIgnoringCase("authorization");
        }
    }

    @Test
    void prefersTheLowerCaseVariable() throws Exception {
        try (ConnectProxy proxy = proxy(ConnectProxy.TUNNEL)) {
            assertThat(profiles(Map.of("https_proxy", "http://127.0.0.1:" + proxy.port(), "HTTPS_PROXY", "socks5://x")))
                    .containsExactly("classic");
        }
    }

    /** The password in the URL, {@code p%40ss+}, is {@code p@ss+}. */
    @Test
    void sendsUserAndPasswordToTheProxyOnly() throws Exception {
        try (ConnectProxy proxy = proxy(ConnectProxy.TUNNEL)) {
            assertThat(profiles(Map.of("HTTPS_PROXY", "http://us%C3%A9r:p%40ss+@127.0.0.1:" + proxy.port())))
                    .containsExactly("classic");
            assertThat(proxy.requests())
                    .singleElement()
                    .asString()
                    .contains("\r\nProxy-Authorization: Basic dXPDqXI6cEBzcys=\r\n");
            assertThat(headersAtCa).isNotEmpty().noneMatch(field -> field.equalsIgnoreCase("Proxy-Authorization"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 Forbidden | refused to connect to the CA: Tunnel failed, got: 403",
                "502 Bad Gateway | refused to connect to the CA: Tunnel failed, got: 502",
                "407 Proxy Authentication Required | requires a user and a password",
            })
    void reportsTheProxysRefusalAsItsOwn(String status, String expected) throws Exception {
        try (ConnectProxy proxy = proxy("HTTP/1.1 " + status
                + "\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")) {
            assertThat(failure(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port())))
                    .hasMessageContaining(CA)
                    .hasMessageContaining("the proxy 127.0.0.1:" + proxy.port() + " (HTTPS_PROXY) " + expected)
                    .hasMessageContaining("no response from")
                    .hasMessageNotContaining("closed the connection");
            if (status.startsWith("407")) {
                assertThat(failure(Map.of("HTTPS_PROXY", "http://user:s3cret@127.0.0.1:" + proxy.port())))
                        .hasMessageContaining("rejects this user and password")
                        .hasMessageNotContaining("s3cret");
            }
        }
    }

    @Test
    void namesAProxyThatIsNotHttp() throws Exception {
        try (ConnectProxy proxy = proxy("SSH-2.0-proxy\r\n")) {
            assertThat(failure(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port())))
                    .hasMessageContaining("the proxy 127.0.0.1:" + proxy.port() + " (HTTPS_PROXY)");
        }
    }

    @Test
    void namesAProxyThatCannotBeReached() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        assertThat(failure(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + port)))
                .hasMessageContaining(
                        "the proxy 127.0.0.1:" + port + " (HTTPS_PROXY) cannot be reached: connection refused");
        assertThat(failure(Map.of("HTTPS_PROXY", "http://gateway.ringcert.invalid:3128")))
                .hasMessageContaining("the proxy gateway.ringcert.invalid:3128 (HTTPS_PROXY) cannot be reached:"
                        + " its name has no address");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socks5://user:s3cret@127.0.0.1:1080",
                "https://user:s3cret@gateway.example.org",
                "http://user:s3c ret@gateway.example.org",
                "http://user:s3cret@",
                "http://user:s3cret%zz@gateway.example.org",
                "http://user:s3cret@gateway.example.org:99999",
                "/s3cret",
            })
    void rejectsAnUnusableVariableWithoutShowingThePassword(String value) {
        assertThat(failure(Map.of("HTTPS_PROXY", value)))
                .hasMessageContaining("HTTPS_PROXY ")
                .hasMessageContaining("http://gateway.example.org:3128")
                .hasMessageNotContaining("s3c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ca.example.org | https://ca.example.org/dir",
                "example.org | https://ca.example.org/dir",
                ".example.org | https://ca.example.org/dir",
                "*.example.org | https://ca.example.org./dir",
                "other.org, EXAMPLE.org other.net | https://CA.example.org/dir",
                "ca.example.org:443 | https://ca.example.org/dir",
                "ca.example.org:8443 | https://ca.example.org:8443/dir",
                "* | https://ca.example.org/dir",
                "10.0.0.0/8 | https://10.1.2.3/dir",
                "10.1.2.3 | https://10.1.2.3/dir",
                "10.1.2.3:443 | https://10.1.2.3/dir",
                "fd00::/8 | https://[fd12::1]/dir",
                "fd12:0::1 | https://[fd12::1]/dir",
                "[fd12::1]:443 | https://[fd12::1]/dir",
                "'' | https://127.0.0.1:14000/dir",
                "'' | https://localhost:14000/dir",
                "'' | https://[::1]:14000/dir",
                "'' | http://127.0.0.1:14000/dir",
            })
    void reachesThisMachineAndTheHostsInNoProxyDirectly(String noProxy, String url) throws IOException {
        for (String variable : List.of("NO_PROXY", "no_proxy")) {
            assertThat(serves(Map.of(variable, noProxy), url)).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | https://ca.example.org/dir",
                "le.org | https://ca.example.org/dir",
                "example.org.evil | https://example.org/dir",
                "ca.example.org:8443 | https://ca.example.org/dir",
                "10.0.0.0/8 | https://11.1.2.3/dir",
                "10.0.0.0/99 | https://10.1.2.3/dir",
                "1.2.3 | https://10.1.2.3/dir",
                "fd00::/8 | https://[fe80::1]/dir",
                "fd00::/8 | https://10.1.2.3/dir",
                ", , | https://ca.example.org/dir",
            })
    void reachesAllOtherHostsThroughTheProxy(String noProxy, String url) throws IOException {
        assertThat(serves(Map.of("NO_PROXY", noProxy), url)).isTrue();
    }

    @Test
    void findsNoProxyInAnEnvironmentWithoutOne() throws IOException {
        assertThat(EnvironmentProxy.find(Map.of())).isEmpty();
        assertThat(EnvironmentProxy.find(Map.of("HTTPS_PROXY", " ", "HTTP_PROXY", "http://gateway.example.org:3128")))
                .isEmpty();
    }

    private static boolean serves(Map<String, String> environment, String url) throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("HTTPS_PROXY", "http://gateway.example.org:3128");
        return EnvironmentProxy.find(all).orElseThrow().serves(URI.create(url));
    }

    private ConnectProxy proxy(String answer) throws IOException {
        return new ConnectProxy(server.getAddress(), answer);
    }

    private AcmeException failure(Map<String, String> environment) {
        return catchThrowableOfType(AcmeException.class, () -> profiles(environment));
    }

    private List<String> profiles(Map<String, String> environment) throws AcmeException {
        HttpTransport transport = new HttpTransport(Optional.of(List.of(root)), "ringcert/test", environment);
        try (AcmeClient client =
                new AcmeClient(DIRECTORY, transport, Clients.LONG, Clock.systemUTC(), Sleeper.real())) {
            return client.profiles();
        }
    }
}
