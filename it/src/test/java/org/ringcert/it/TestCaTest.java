package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.demo.PebbleOptions;
import org.ringcert.daemon.demo.TestCa;

class TestCaTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final List<InetAddress> NODES =
            List.of(InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.3"));

    @ParameterizedTest
    @EnumSource
    void itsDirectoryAnswers_toThoseWhoTrustItsCertificate_alsoAfterARestart(RealCa which) throws Exception {
        Path caFile;
        try (TestCa ca = TestCa.start(which.binaries(), PebbleOptions.on(NODES).withAlternateRoots(1));
                HttpClient client = trusting(ca.caFile())) {
            caFile = ca.caFile();
            assertThat(get(client, ca.directory())).contains("\"newOrder\"");
            var roots = ca.roots();
            assertThat(roots).hasSize(2).doesNotHaveDuplicates();
            assertThat(ca.httpPort()).isPositive();

            ca.stop();
            assertThatThrownBy(() -> get(client, ca.directory())).isInstanceOf(IOException.class);
            ca.restart();
            assertThat(get(client, ca.directory())).contains("\"newOrder\"");
            assertThat(ca.roots()).hasSize(2).doesNotContainAnyElementsOf(roots);
        }
        assertThat(caFile.getParent()).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void namesLeadWhereTheyWereSentLast_andOthersNowhere(RealCa which) throws Exception {
        try (TestCa ca = TestCa.start(which.binaries(), PebbleOptions.on(NODES))) {
            assertThat(resolve(ca, SITE, "A")).isEmpty();
            ca.setAddress(SITE, NODES.get(0));
            ca.setAddress(SITE, NODES.get(1));
            assertThat(resolve(ca, SITE, "A")).containsExactly("127.0.0.3");
            assertThat(resolve(ca, SITE, "AAAA")).isEmpty();
            ca.setAddress(SITE, InetAddress.ofLiteral("::1"));
            assertThat(resolve(ca, SITE, "A")).isEmpty();
            assertThat(resolve(ca, SITE, "AAAA")).hasSize(1);
            ca.clearAddress(SITE);
            assertThat(resolve(ca, SITE, "AAAA")).isEmpty();
        }
    }

    private static String get(HttpClient client, URI uri) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static HttpClient trusting(Path pem) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream stream = Files.newInputStream(pem)) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(stream));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static List<String> resolve(TestCa ca, HostName name, String type) throws Exception {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, "dns://127.0.0.1:" + ca.dnsPort());
        InitialDirContext dns = new InitialDirContext(environment);
        try {
            Attribute found =
                    dns.getAttributes(name.value(), new String[] {type}).get(type);
            return found == null
                    ? List.of()
                    : java.util.Collections.list(found.getAll()).stream()
                            .map(Object::toString)
                            .toList();
        } catch (NameNotFoundException e) {
            return List.of();
        } finally {
            dns.close();
        }
    }
}
