package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.demo.TestCa;

class TestCaTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final List<InetAddress> NODES =
            List.of(InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.3"));

    private static final InetAddress V6 = InetAddress.ofLiteral("::1");

    @ParameterizedTest
    @EnumSource
    void servesItsDirectoryBeforeAndAfterARestart(PebbleRelease release) throws Exception {
        Path caFile;
        try (TestCa ca =
                        TestCa.start(release.binaries(), PebbleOptions.on(NODES).withAlternateRoots(1));
                HttpClient client = clientTrusting(ca.caFile())) {
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
    void resolvesANameToItsLastAddressAndOthersToNone(PebbleRelease release) throws Exception {
        try (TestCa ca = TestCa.start(release.binaries(), PebbleOptions.on(NODES))) {
            assertThat(DnsQuery.ask(ca.dnsPort(), SITE, DnsQuery.Type.A)).isEmpty();
            ca.setAddress(SITE, NODES.get(0));
            ca.setAddress(SITE, NODES.get(1));
            assertThat(DnsQuery.ask(ca.dnsPort(), SITE, DnsQuery.Type.A)).containsExactly(NODES.get(1));
            assertThat(DnsQuery.ask(ca.dnsPort(), SITE, DnsQuery.Type.AAAA)).isEmpty();
            ca.setAddress(SITE, V6);
            assertThat(DnsQuery.ask(ca.dnsPort(), SITE, DnsQuery.Type.A)).isEmpty();
            assertThat(DnsQuery.ask(ca.dnsPort(), SITE, DnsQuery.Type.AAAA)).containsExactly(V6);
            ca.clearAddress(SITE);
            assertThat(DnsQuery.ask(ca.dnsPort(), SITE, DnsQuery.Type.AAAA)).isEmpty();
        }
    }

    private static String get(HttpClient client, URI uri) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static HttpClient clientTrusting(Path pem) throws Exception {
        return HttpClient.newBuilder().sslContext(TlsContexts.trusting(pem)).build();
    }
}
