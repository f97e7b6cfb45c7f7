package org.ringcert.pki;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.ringcert.cluster.HostName;

/** A CA, root or intermediate, whose certificates clients can verify. */
public final class TestAuthority {

    private static final String SERVER_USE = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_USE = "1.3.6.1.5.5.7.3.2";

    private final SecureRandom random = new SecureRandom();
    private final String name;
    private final KeyPair key;
    private final Instant now;
    private X509Certificate certificate;

    private TestAuthority(String name, KeyType type, Instant now) {
        this.name = name;
        this.key = type.generate(random);
        this.now = now;
        this.certificate = issue(
                SignedDer.commonName(name), key.getPublic(), now.minus(days(1)), now.plus(days(1000)), caExtensions());
    }

    /** Returns a root, valid from a day ago for 1,000 days. */
    public static TestAuthority root(String name, Instant now) {
        return root(name, KeyType.EC256, now);
    }

    /** Returns a root, valid from a day ago for 1,000 days. */
    public static TestAuthority root(String name, KeyType type, Instant now) {
        return new TestAuthority(name, type, now);
    }

    /** Returns an intermediate CA, valid as long as the root is. */
    public TestAuthority intermediate(String intermediateName) {
        return intermediate(intermediateName, KeyType.EC256, now.minus(days(1)), now.plus(days(1000)));
    }

    /** Returns an intermediate CA. */
    public TestAuthority intermediate(String intermediateName, KeyType type, Instant notBefore, Instant notAfter) {
        TestAuthority intermediate = new TestAuthority(intermediateName, type, now);
        intermediate.certificate = crossSigned(intermediate, notBefore, notAfter);
        return intermediate;
    }

    /** Returns a certificate of another CA's key and name that this CA has issued. */
    public X509Certificate crossSigned(TestAuthority other, Instant notBefore, Instant notAfter) {
        return issue(SignedDer.commonName(other.name), other.key.getPublic(), notBefore, notAfter, caExtensions());
    }

    /** Returns this CA's own certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** Returns a certificate of a web server. */
    public X509Certificate leaf(PublicKey subject, List<HostName> names, Instant notBefore, Instant notAfter) {
        return leaf(
                subject,
                notBefore,
                notAfter,
                names.stream().map(HostName::value).toArray(String[]::new));
    }

    /** Returns a certificate of a web server, whose names may be wildcards. */
    public X509Certificate leaf(PublicKey subject, Instant notBefore, Instant notAfter, String... names) {
        return endEntity(subject, notBefore, notAfter, SERVER_USE, names);
    }

    /** Returns a certificate that is for clients only. */
    public X509Certificate clientLeaf(PublicKey subject, Instant notBefore, Instant notAfter, String... names) {
        return endEntity(subject, notBefore, notAfter, CLIENT_USE, names);
    }

    /** Returns a CA that has a certificate of this CA for web servers only, so it may issue nothing. */
    public TestAuthority impostor(String impostorName) {
        TestAuthority impostor = new TestAuthority(impostorName, KeyType.EC256, now);
        impostor.certificate = leaf(impostor.key.getPublic(), now.minus(days(1)), now.plus(days(100)), impostorName);
        return impostor;
    }

    private X509Certificate endEntity(
            PublicKey subject, Instant notBefore, Instant notAfter, String use, String... names) {
        List<byte[]> entries =
                Arrays.stream(names).map(each -> Der.taggedText(2, each)).toList();
        byte[] extensions = Der.sequence(
                Der.sequence(Der.oid("2.5.29.17"), Der.octets(Der.sequence(entries))),
                Der.sequence(Der.oid("2.5.29.37"), Der.octets(Der.sequence(Der.oid(use)))));
        return issue(SignedDer.commonName(names[0]), subject, notBefore, notAfter, extensions);
    }

    private static byte[] caExtensions() {
        return Der.sequence(
                Der.sequence(Der.oid("2.5.29.19"), Der.trueValue(), Der.octets(Der.sequence(Der.trueValue()))),
                // keyCertSign and cRLSign
                Der.sequence(Der.oid("2.5.29.15"), Der.trueValue(), Der.octets(Der.bits(1, new byte[] {(byte) 0x06}))));
    }

    private X509Certificate issue(
            byte[] subjectName, PublicKey subject, Instant notBefore, Instant notAfter, byte[] extensions) {
        byte[] content = Der.sequence(
                Der.tagged(0, Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(127, random).setBit(126)),
                SignedDer.algorithm(key.getPublic()),
                SignedDer.commonName(name),
                Der.sequence(Der.time(notBefore), Der.time(notAfter)),
                subjectName,
                subject.getEncoded(),
                Der.tagged(3, extensions));
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(SignedDer.of(content, key)));
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Duration days(int days) {
        return Duration.ofDays(days);
    }
}
