package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.CaConnections;
import org.ringcert.daemon.LocalNode;
import org.ringcert.demo.PebbleBinaries;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.demo.TestCa;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.it.CommandResult;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.renew.RenewalMode;
import org.ringcert.renew.RenewalResult;
import org.ringcert.store.CertificateName;
import org.ringcert.view.visitor.TlsObservation;
import org.ringcert.view.visitor.TlsObserver;

/**
 * A site with an EC and an RSA certificate: real web servers with the printed configuration present each visitor the
 * kind that it accepts, and Ringcert notices if they do not.
 */
@UsesPebble
class TwoKindsOfKeysTest {

    private static final HostName WWW = new HostName("www.example.org");
    private static final CertificateName EC = CertificateName.first(WWW);
    private static final CertificateName RSA = CertificateName.second(WWW, KeyAlgorithm.RSA);

    private static TestCa ca;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startCa() throws IOException {
        PebbleBinaries pebble;
        try {
            pebble = PebbleBinaries.find(System.err::println);
        } catch (IOException e) {
            pebble = abort(String.valueOf(e.getMessage()));
        }
        ca = TestCa.start(pebble, PebbleOptions.on(WebServers.loopback(92, 1)));
    }

    @AfterAll
    static void stopCa() throws IOException {
        if (ca != null) {
            ca.close();
        }
    }

    private WebServers servers() throws IOException {
        return WebServers.withCa(
                ca,
                folder,
                WebServers.loopback(92, 1),
                "keys = [\"ec256\", \"rsa2048\"]",
                "handoff = \"redirect\"",
                List.of("www.example.org example.org"));
    }

    @ParameterizedTest
    @EnumSource(names = {"APACHE_FILES", "APACHE_PROXY", "NGINX_FILES", "NGINX_PROXY", "HAPROXY_PROXY"})
    void everyVisitorGetsTheCertificateThatItAccepts(ServerKind kind) throws Exception {
        try (WebServers servers = servers()) {
            servers.startWithHttps(0, kind);
            assertServed(servers);

            List<CertificateSpec> both = servers.node(0).specs();
            assertThat(both).extracting(CertificateSpec::name).containsExactly(EC, RSA);
            assertThat(renew(servers.node(0), both)).hasSize(2).allMatch(RenewalResult.Renewed.class::isInstance);
            assertServed(servers);

            for (CertificateSpec spec : both) {
                List<X509Certificate> ec = TlsClient.storedChain(servers, 0, EC);
                List<X509Certificate> rsa = TlsClient.storedChain(servers, 0, RSA);
                assertThat(renew(servers.node(0), List.of(spec)))
                        .singleElement()
                        .isInstanceOf(RenewalResult.Renewed.class);
                assertThat(List.of(
                                TlsClient.storedChain(servers, 0, EC).equals(ec),
                                TlsClient.storedChain(servers, 0, RSA).equals(rsa)))
                        .as("the certificate of the other kind is unchanged")
                        .containsExactly(spec.name().equals(RSA), spec.name().equals(EC));
                assertServed(servers);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"APACHE_FILES", "NGINX_FILES", "HAPROXY_PROXY"})
    void reportsAKindThatTheWebServerDoesNotServe(ServerKind kind) throws Exception {
        try (WebServers servers = servers()) {
            servers.startWithHttps(0, kind);
            removeRsaCertificate(new AdviceFollower(folder, servers, kind).mainFile());
            servers.restartWebServer(0);

            List<RenewalResult> results = renew(servers.node(0), servers.node(0).specs());

            assertThat(results)
                    .filteredOn(RenewalResult.Renewed.class::isInstance)
                    .hasSize(1);
            assertThat(results)
                    .filteredOn(RenewalResult.NotServed.class::isInstance)
                    .singleElement()
                    .asString()
                    .contains(
                            "who accept only RSA keys get no certificate for the site, but others do",
                            "certs/www.example.org+rsa/",
                            "ringcert web SERVER --site www.example.org");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"APACHE_FILES", "APACHE_PROXY", "NGINX_FILES", "NGINX_PROXY", "HAPROXY_PROXY"})
    void theInspectionAcceptsBothCertificates(ServerKind kind) throws Exception {
        try (WebServers servers = servers()) {
            servers.startWithHttps(0, kind);
            AdviceFollower follower = new AdviceFollower(folder, servers, kind);

            String advice = follower.advice();
            assertThat(AdviceFollower.unpreparedHosts(advice)).isEmpty();
            assertThat(AdviceFollower.problems(advice)).isEmpty();
            CommandResult trial = follower.run("--try");
            assertThat(trial.status()).as(trial.output()).isZero();
        }
    }

    private static void removeRsaCertificate(Path mainFile) throws IOException {
        String text = Files.readString(mainFile);
        String changed = text.replaceAll("(?m)^.*\\+rsa/(?:fullchain|privkey)\\.pem.*\n", "")
                .replaceAll(" crt \"[^\"]*\\+rsa/combined.pem\"", "");
        assertThat(changed).isNotEqualTo(text).doesNotContain("+rsa");
        Files.writeString(mainFile, changed);
    }

    /**
     * Asserts that each visitor gets the stored certificate of its kind, with its own chain, as soon as no process from
     * before the last reload accepts connections.
     */
    private void assertServed(WebServers servers) {
        await().atMost(Testbed.TIMEOUT).untilAsserted(() -> assertServedNow(servers));
    }

    private void assertServedNow(WebServers servers) throws IOException {
        for (OpenSslClient client : OpenSslClient.values()) {
            CertificateName expected = client.getsRsa() ? RSA : EC;
            assertThat(client.chain(folder, servers.address(0), servers.httpsPort(), WWW))
                    .as("%s", client)
                    .isEqualTo(TlsClient.storedChain(servers, 0, expected));
        }
        InetSocketAddress address = new InetSocketAddress(servers.address(0), servers.httpsPort());
        for (KeyAlgorithm kind : KeyAlgorithm.values()) {
            CertificateName expected = kind == KeyAlgorithm.RSA ? RSA : EC;
            assertThat(TlsObserver.observe(address, WWW, kind, Testbed.TIMEOUT))
                    .isEqualTo(
                            new TlsObservation.Served(TlsClient.storedChain(servers, 0, expected), Optional.empty()));
        }
    }

    private static List<RenewalResult> renew(LocalNode node, List<CertificateSpec> specs) {
        try (CaConnections cas = node.connectToCas()) {
            return List.copyOf(node.renewals(cas, IssuanceListener.NONE).pass(specs, RenewalMode.FORCE));
        }
    }
}
