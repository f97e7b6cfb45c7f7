package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.Pem;

/** The certificates of a node, as a web server reads them and a browser checks them. */
final class Certificates {

    /** Long enough for a second try after the first back-off, a minute. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Certificates() {}

    /** Waits until the node has a certificate of the CA for the site, checks it, and returns it. */
    static X509Certificate await(Testbed testbed, int node, int site) throws Exception {
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(50, TimeUnit.MILLISECONDS)
                    .until(() -> isIssued(testbed, node, site));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "%s has no certificate for %s; its log:%n%s"
                            .formatted(
                                    testbed.cluster().node(node),
                                    testbed.cluster().sites().get(site),
                                    Files.readString(testbed.cluster().log(node))),
                    e);
        }
        return verified(testbed, node, site);
    }

    /** Whether there is one of the CA, not only the self-signed one of the beginning, which stands alone. */
    static boolean isIssued(Testbed testbed, int node, int site) throws IOException {
        Path chain = link(testbed, node, site).resolve("fullchain.pem");
        return Files.exists(chain) && Pem.certificates(Files.readString(chain)).size() > 1;
    }

    /**
     * The certificate that is there now: its chain leads to the CA's root, it is for the site's names, its key is
     * beside it.
     */
    static X509Certificate verified(Testbed testbed, int node, int site) throws IOException, GeneralSecurityException {
        Path version = link(testbed, node, site).toRealPath();
        List<X509Certificate> chain = Pem.certificates(Files.readString(version.resolve("fullchain.pem")));
        PKIXParameters parameters = new PKIXParameters(testbed.ca().roots().stream()
                .map(root -> new TrustAnchor(root, null))
                .collect(Collectors.toSet()));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
        X509Certificate leaf = chain.getFirst();
        Set<String> names = leaf.getSubjectAlternativeNames().stream()
                .map(name -> String.valueOf(name.get(1)))
                .collect(Collectors.toSet());
        Site wanted = testbed.cluster().sites().get(site);
        assertThat(names).isEqualTo(wanted.names().stream().map(HostName::value).collect(Collectors.toSet()));
        assertThat(Pem.keyPair(Files.readString(version.resolve("privkey.pem")), leaf.getPublicKey()))
                .isNotNull();
        return leaf;
    }

    static Path link(Testbed testbed, int node, int site) {
        return testbed.cluster()
                .store(node)
                .resolve("certs")
                .resolve(testbed.cluster().sites().get(site).name().value());
    }
}
