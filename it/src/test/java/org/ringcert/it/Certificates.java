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
import org.ringcert.demo.TestCa;
import org.ringcert.pki.Pem;

/** Reads a node's certificates as a web server does, and checks them as a browser does. */
public final class Certificates {

    /** Leaves time for a second attempt after the first back-off, which is a minute. */
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private Certificates() {}

    /** Waits until the node has a certificate from the CA for the site, verifies it, and returns it. */
    public static X509Certificate await(Testbed testbed, int node, int site) throws Exception {
        try {
            Awaitility.await()
                    .atMost(TIMEOUT)
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

    /**
     * Returns whether the node has a certificate from the CA. The initial self-signed one has a chain of length one.
     */
    public static boolean isIssued(Testbed testbed, int node, int site) throws IOException {
        Path chain = link(testbed, node, site).resolve("fullchain.pem");
        return Files.exists(chain) && Pem.certificates(Files.readString(chain)).size() > 1;
    }

    /**
     * Returns the current certificate, after checking that its chain leads to the CA's root, that it has exactly the
     * site's names, and that its key is next to it.
     */
    public static X509Certificate verified(Testbed testbed, int node, int site)
            throws IOException, GeneralSecurityException {
        return verified(testbed.ca(), testbed, node, site);
    }

    /** Does the same for a certificate from another CA than the testbed's. */
    static X509Certificate verified(TestCa ca, Testbed testbed, int node, int site)
            throws IOException, GeneralSecurityException {
        Path version = link(testbed, node, site).toRealPath();
        List<X509Certificate> chain = Pem.certificates(Files.readString(version.resolve("fullchain.pem")));
        PKIXParameters parameters = new PKIXParameters(
                ca.roots().stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet()));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
        X509Certificate leaf = chain.getFirst();
        Set<String> names = leaf.getSubjectAlternativeNames().stream()
                .map(name -> String.valueOf(name.get(1)))
                .collect(Collectors.toSet());
        Site expected = testbed.cluster().sites().get(site);
        assertThat(names)
                .isEqualTo(expected.names().stream().map(HostName::value).collect(Collectors.toSet()));
        assertThat(Pem.keyPair(Files.readString(version.resolve("privkey.pem")), leaf.getPublicKey()))
                .isNotNull();
        return leaf;
    }

    /** Returns the site's link in {@code certs/}, which points to the current version. */
    public static Path link(Testbed testbed, int node, int site) {
        return testbed.cluster()
                .store(node)
                .resolve("certs")
                .resolve(testbed.cluster().sites().get(site).name().value());
    }
}
