package org.ringcert.daemon.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ringcert.cluster.HostName;
import org.ringcert.http.HostResolver;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.pki.SerialNumber;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;

/** Checks what a server presents for a site that has two kinds of certificates. */
@Timeout(60)
class HttpsServedCheckTest {

    private static final HostName WWW = new HostName("www.example.org");
    private static final KeyPair EC_KEY = KeyType.EC256.generate(new SecureRandom());
    private static final KeyPair RSA_KEY = KeyType.RSA2048.generate(new SecureRandom());

    private final X509Certificate ec = certificate(EC_KEY, WWW);
    private final X509Certificate rsa = certificate(RSA_KEY, WWW);

    private static X509Certificate certificate(KeyPair key, HostName name) {
        return certificate(key, name, Duration.ofDays(90));
    }

    private static X509Certificate renewed(KeyPair key) {
        return certificate(key, WWW, Duration.ofDays(91));
    }

    private static X509Certificate certificate(KeyPair key, HostName name, Duration lifetime) {
        Instant now = Instant.now();
        return SelfSignedCertificate.create(key, List.of(name), now, now.plus(lifetime));
    }

    private static CertificateVersion version(X509Certificate leaf) {
        CertificateName name = leaf.getPublicKey().getAlgorithm().equals("EC")
                ? CertificateName.first(WWW)
                : CertificateName.second(WWW, KeyAlgorithm.RSA);
        return new CertificateVersion(name, Path.of("versions"), List.of(leaf), new Origin.SelfSigned());
    }

    private static Optional<String> check(HttpsServer server, Set<HostName> sitesWithTwoKinds, X509Certificate leaf) {
        return new HttpsServedCheck("127.0.0.1", server.port(), sitesWithTwoKinds, new HostResolver(), Duration.ZERO)
                .check(version(leaf));
    }

    @Test
    void looksOnceForEachKind() throws Exception {
        try (HttpsServer server = new HttpsServer(Map.of(ec, EC_KEY, rsa, RSA_KEY))) {
            assertThat(check(server, Set.of(WWW), ec)).isEmpty();
            assertThat(check(server, Set.of(WWW), rsa)).isEmpty();
            assertThat(server.visits()).isEqualTo(2);
        }
    }

    @Test
    void reportsAnOldCertificateOfEitherKind() throws Exception {
        try (HttpsServer server = new HttpsServer(Map.of(ec, EC_KEY, rsa, RSA_KEY))) {
            assertThat(check(server, Set.of(WWW), renewed(EC_KEY)))
                    .hasValueSatisfying(problem -> assertThat(problem)
                            .contains(
                                    "who accept only EC keys get another certificate, serial " + SerialNumber.of(ec),
                                    "certs/www.example.org/"));
            assertThat(check(server, Set.of(WWW), renewed(RSA_KEY)))
                    .hasValueSatisfying(problem -> assertThat(problem)
                            .contains(
                                    "who accept only RSA keys get another certificate, serial " + SerialNumber.of(rsa),
                                    "certs/www.example.org+rsa/"));
        }
    }

    @Test
    void saysWhichKindIsNotServed() throws Exception {
        try (HttpsServer server = new HttpsServer(Map.of(ec, EC_KEY))) {
            assertThat(check(server, Set.of(WWW), ec)).isEmpty();
            assertThat(check(server, Set.of(WWW), rsa))
                    .contains("Visitors of 127.0.0.1:" + server.port()
                            + " who accept only RSA keys get no certificate for the site, but others do. The web server"
                            + " must use the files in certs/www.example.org+rsa/ as well: `ringcert web SERVER --site"
                            + " www.example.org` prints how, where SERVER is apache, nginx or haproxy.");
        }
        try (HttpsServer server = new HttpsServer(Map.of(rsa, RSA_KEY))) {
            assertThat(check(server, Set.of(WWW), rsa)).isEmpty();
            assertThat(check(server, Set.of(WWW), ec))
                    .hasValueSatisfying(problem -> assertThat(problem)
                            .contains("who accept only EC keys get no certificate", "certs/www.example.org/ as well"));
        }
    }

    /** The other kind may be presented for another name, as the default of the server. */
    @Test
    void saysWhichKindIsNotServedIfItIsServedForOthers() throws Exception {
        X509Certificate other = certificate(RSA_KEY, new HostName("other.example.org"));
        try (HttpsServer server = new HttpsServer(Map.of(ec, EC_KEY, other, RSA_KEY))) {
            assertThat(check(server, Set.of(WWW), rsa))
                    .hasValueSatisfying(problem -> assertThat(problem).contains("only RSA keys get no certificate"));
        }
    }

    @Test
    void isContentIfTheSiteIsNotServedAtAll() throws Exception {
        HostName other = new HostName("other.example.org");
        HttpsServer closed = new HttpsServer(Map.of(certificate(EC_KEY, other), EC_KEY));
        try (closed) {
            assertThat(check(closed, Set.of(WWW), ec)).isEmpty();
            assertThat(check(closed, Set.of(WWW), rsa)).isEmpty();
        }
        assertThat(check(closed, Set.of(WWW), rsa)).isEmpty();
    }

    /** An RSA visitor would be refused; but a site with one kind is looked at as most visitors do. */
    @Test
    void looksOnceAsAnyVisitorIfThereIsOneKind() throws Exception {
        try (HttpsServer server = new HttpsServer(Map.of(ec, EC_KEY))) {
            assertThat(check(server, Set.of(), rsa))
                    .hasValueSatisfying(problem -> assertThat(problem)
                            .startsWith(
                                    "Visitors of 127.0.0.1:" + server.port() + " get another certificate, serial "));
            assertThat(server.visits()).isEqualTo(1);
        }
    }
}
