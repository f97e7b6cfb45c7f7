package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A CA whose https certificate is good, but not at the time of this server's clock. */
class HttpsDatesTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"-10d, has expired", "+10d, is not valid yet"})
    void theClockIsNamedAndNotTheTrustedCertificates(String start, String fault) throws Exception {
        KeyStore keys = keys(start);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.start();
        URI url = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/dir");
        X509Certificate root = (X509Certificate) keys.getCertificateChain("server")[1];
        try (AcmeClient client = AcmeClient.create(url, Optional.of(List.of(root)), "0.1", Clock.systemUTC())) {
            assertThatExceptionOfType(AcmeException.class)
                    .isThrownBy(client::profiles)
                    .withMessageContaining("its https certificate " + fault + " by this server's clock")
                    .withMessageContaining("timedatectl")
                    .withMessageNotContainingAny("ca-file", "java.", "sun.", "PKIX");
        } finally {
            server.stop(0);
        }
    }

    /** Returns a key with a chain of two, of which the first is valid for one day. */
    private KeyStore keys(String start) throws Exception {
        Path file = directory.resolve("keys.p12");
        keytool(file, "-genkeypair", "-alias", "root", "-keyalg", "EC", "-dname", "CN=root", "-ext", "bc:c");
        keytool(
                file,
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=server",
                "-signer",
                "root",
                "-startdate",
                start,
                "-validity",
                "1",
                "-ext",
                "san=ip:127.0.0.1");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        keys.deleteEntry("root");
        return keys;
    }

    private static void keytool(Path file, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", file.toString(), "-storepass", PASSWORD));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
    }
}
