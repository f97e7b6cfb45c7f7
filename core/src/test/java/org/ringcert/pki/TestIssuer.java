package org.ringcert.pki;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.ringcert.cluster.HostName;

/** Signs certificates as a CA does, for tests. */
public final class TestIssuer {

    private static final byte[] NAME =
            Der.sequence(Der.setOf(Der.sequence(Der.oid("2.5.4.3"), Der.utf8("the test's CA"))));

    private final KeyPair key = KeyType.EC256.generate(new SecureRandom());
    private final X509Certificate certificate;
    private final AtomicInteger serials = new AtomicInteger();

    public TestIssuer(Instant now) {
        certificate = SelfSignedCertificate.of(
                key, List.of(new HostName("ca.example.net")), now, now.plus(Duration.ofDays(3650)));
    }

    /** A chain of two, leaf first. */
    public List<X509Certificate> chain(byte[] publicKey, List<HostName> names, Instant notBefore, Instant notAfter) {
        byte[] content = Der.sequence(
                Der.tagged(0, Der.integer(BigInteger.TWO)),
                Der.integer(BigInteger.valueOf(serials.incrementAndGet())),
                SignedDer.algorithm(key.getPublic()),
                NAME,
                Der.sequence(Der.time(notBefore), Der.time(notAfter)),
                NAME,
                publicKey,
                Der.tagged(3, Der.sequence(SignedDer.subjectAlternativeName(names))));
        try {
            X509Certificate leaf = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(SignedDer.of(content, key)));
            return List.of(leaf, certificate);
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public key of a request that {@link CertificateRequest} made. */
    public static byte[] publicKey(byte[] request) {
        // SEQUENCE { SEQUENCE { INTEGER 0, the subject, the key, ...
        int subject = start(request, start(request, 0)) + 3;
        int at = start(request, subject) + length(request, subject);
        int end = start(request, at) + length(request, at);
        return java.util.Arrays.copyOfRange(request, at, end);
    }

    private static int start(byte[] der, int at) {
        return at + 2 + (der[at + 1] < 0 ? der[at + 1] & 0x7f : 0);
    }

    private static int length(byte[] der, int at) {
        int bytes = der[at + 1] < 0 ? der[at + 1] & 0x7f : 0;
        int length = bytes == 0 ? der[at + 1] : 0;
        for (int i = 0; i < bytes; i++) {
            length = (length << 8) | (der[at + 2 + i] & 0xff);
        }
        return length;
    }
}
