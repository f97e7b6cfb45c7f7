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

/** Issues certificates, as a CA does. */
public final class TestIssuer {

    private static final byte[] NAME = Der.sequence(Der.setOf(Der.sequence(Der.oid("2.5.4.3"), Der.utf8("test CA"))));

    private static final byte[] AUTHORITY_KEY_ID =
            Der.sequence(Der.oid("2.5.29.35"), Der.octets(Der.sequence(Der.taggedText(0, "key of the test CA"))));

    private final KeyPair key = KeyType.EC256.generate(new SecureRandom());
    private final X509Certificate certificate;
    private final AtomicInteger serials = new AtomicInteger();

    public TestIssuer(Instant now) {
        certificate = SelfSignedCertificate.create(
                key, List.of(new HostName("ca.example.net")), now, now.plus(Duration.ofDays(3650)));
    }

    /**
     * Issues a certificate and returns its chain of two, leaf first.
     *
     * @param names if empty, the certificate does not have the extension for names
     */
    public List<X509Certificate> chain(byte[] publicKey, List<HostName> names, Instant notBefore, Instant notAfter) {
        byte[] content = Der.sequence(
                Der.tagged(0, Der.integer(BigInteger.TWO)),
                Der.integer(BigInteger.valueOf(serials.incrementAndGet())),
                SignedDer.algorithm(key.getPublic()),
                NAME,
                Der.sequence(Der.time(notBefore), Der.time(notAfter)),
                NAME,
                publicKey,
                Der.tagged(
                        3,
                        names.isEmpty()
                                ? Der.sequence(AUTHORITY_KEY_ID)
                                : Der.sequence(SignedDer.subjectAlternativeName(names), AUTHORITY_KEY_ID)));
        return List.of(parse(SignedDer.of(content, key)), certificate);
    }

    /** Returns a certificate of this issuer's key that a CA with this common name has issued. */
    public X509Certificate issuedBy(String commonName) {
        return issuedBy(SignedDer.commonName(commonName));
    }

    /** Returns a certificate of this issuer's key that a CA with this organization and common name has issued. */
    public X509Certificate issuedBy(String organization, String commonName) {
        return issuedBy(Der.sequence(
                Der.setOf(Der.sequence(Der.oid("2.5.4.6"), Der.utf8("US"))),
                Der.setOf(Der.sequence(Der.oid("2.5.4.10"), Der.utf8(organization))),
                Der.setOf(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(commonName)))));
    }

    /** Returns a certificate whose serial number is far longer than a CA makes them. */
    public X509Certificate withSerialNumberOf(int bytes) {
        byte[] content = Der.sequence(
                Der.tagged(0, Der.integer(BigInteger.TWO)),
                Der.integer(BigInteger.ONE.shiftLeft(bytes * 8 - 2)),
                SignedDer.algorithm(key.getPublic()),
                NAME,
                Der.sequence(
                        Der.time(certificate.getNotBefore().toInstant()),
                        Der.time(certificate.getNotAfter().toInstant())),
                NAME,
                key.getPublic().getEncoded(),
                Der.tagged(3, Der.sequence(AUTHORITY_KEY_ID)));
        return parse(SignedDer.of(content, key));
    }

    X509Certificate issuedBy(byte[] issuerName) {
        return signed(issuerName, KeyType.EC256.generate(new SecureRandom()), key);
    }

    /** Returns a chain for a leaf of this issuer, through a root that another root has cross-signed. */
    public List<X509Certificate> chainThrough(X509Certificate leaf, String crossSigned, String root) {
        KeyPair crossSignedKey = KeyType.EC256.generate(new SecureRandom());
        KeyPair rootKey = KeyType.EC256.generate(new SecureRandom());
        return List.of(
                leaf,
                signed(SignedDer.commonName(crossSigned), crossSignedKey, key),
                signed(SignedDer.commonName(root), rootKey, crossSignedKey));
    }

    private X509Certificate signed(byte[] issuerName, KeyPair issuerKey, KeyPair subjectKey) {
        Instant notBefore = certificate.getNotBefore().toInstant();
        return parse(SignedDer.of(
                Der.sequence(
                        Der.tagged(0, Der.integer(BigInteger.TWO)),
                        Der.integer(BigInteger.valueOf(serials.incrementAndGet())),
                        SignedDer.algorithm(issuerKey.getPublic()),
                        issuerName,
                        Der.sequence(Der.time(notBefore), Der.time(notBefore.plus(Duration.ofDays(3650)))),
                        NAME,
                        subjectKey.getPublic().getEncoded()),
                issuerKey));
    }

    private static X509Certificate parse(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the public key in a request created by {@link CertificateRequest}. */
    public static byte[] publicKey(byte[] request) {
        // SEQUENCE { SEQUENCE { INTEGER 0, subject, public key, ...
        int subject = start(request, start(request, 0)) + 3;
        int key = start(request, subject) + length(request, subject);
        int end = start(request, key) + length(request, key);
        return java.util.Arrays.copyOfRange(request, key, end);
    }

    /** Returns where the content of the value begins. */
    private static int start(byte[] der, int offset) {
        return offset + 2 + (der[offset + 1] < 0 ? der[offset + 1] & 0x7f : 0);
    }

    /** Returns the length of the content of the value. */
    private static int length(byte[] der, int offset) {
        int bytes = der[offset + 1] < 0 ? der[offset + 1] & 0x7f : 0;
        int length = bytes == 0 ? der[offset + 1] : 0;
        for (int i = 0; i < bytes; i++) {
            length = (length << 8) | (der[offset + 2 + i] & 0xff);
        }
        return length;
    }
}
