package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.pki.Pem;
import org.ringcert.pki.RootBundle;
import org.ringcert.pki.SystemRoots;

/** Which certificates are trusted for the CA's https. */
class HttpsTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path directory;

    private static HttpsServer server;
    private static X509Certificate own;
    private static X509Certificate other;

    @BeforeAll
    static void start() throws Exception {
        KeyStore keys = keys("own");
        own = (X509Certificate) keys.getCertificate("own");
        other = (X509Certificate) keys("other").getCertificate("other");
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/dir", exchange -> {
            byte[] body = """
                    {"newNonce":"https://127.0.0.1/n","newAccount":"https://127.0.0.1/a","newOrder":"https://127.0.0.1/o",
                    "meta":{"profiles":{"classic":""}}}""".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    @Test
    void trustsTheCertificateOfCaFile() throws AcmeException {
        try (AcmeClient client = client("127.0.0.1", Optional.of(List.of(own)))) {
            assertThat(client.profiles()).containsExactly("classic");
        }
    }

    @Test
    void rejectsAPrivateCaWithoutCaFileAndSaysWhatToDo() {
        assertUntrusted("127.0.0.1", Optional.empty());
    }

    @Test
    void trustsNothingButCaFile() {
        assertUntrusted("127.0.0.1", Optional.of(List.of(other)));
    }

    @Test
    void rejectsATrustedCertificateForAnotherName() {
        assertUntrusted("localhost", Optional.of(List.of(own)));
    }

    @Test
    void skipsTextAndDamagedCertificatesInTheSystemsFile() throws Exception {
        String damaged = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        Path bundle = Files.writeString(directory.resolve("bundle"), "# own\n" + damaged + Pem.write(List.of(own)));
        Optional<List<X509Certificate>> found =
                SystemRoots.find(Map.of("SSL_CERT_FILE", bundle.toString())).map(RootBundle::all);
        assertThat(found).contains(List.of(own));
        try (AcmeClient client = client("127.0.0.1", found)) {
            assertThat(client.profiles()).containsExactly("classic");
        }
    }

    @Test
    void rejectsAnEmptyCaFile() {
        assertThatIllegalArgumentException().isThrownBy(() -> client("127.0.0.1", Optional.of(List.of())));
    }

    private static void assertUntrusted(String host, Optional<List<X509Certificate>> roots) {
        try (AcmeClient client = client(host, roots)) {
            assertThatExceptionOfType(AcmeException.class)
                    .isThrownBy(client::profiles)
                    .withMessageContaining("no secure connection to " + host)
                    .withMessageContaining("[acme] ca-file")
                    .withMessageNotContaining("sun.security")
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE));
        }
    }

    private static AcmeClient client(String host, Optional<List<X509Certificate>> roots) {
        URI url = URI.create("https://" + host + ":" + server.getAddress().getPort() + "/dir");
        return AcmeClient.create(url, roots, "0.1", Clock.systemUTC());
    }

    private static KeyStore keys(String alias) throws Exception {
        Path file = directory.resolve(alias + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        alias,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + alias,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }
}
