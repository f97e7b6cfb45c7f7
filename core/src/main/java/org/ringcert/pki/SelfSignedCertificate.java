package org.ringcert.pki;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.ringcert.cluster.HostName;

/** Certificates that a node signs for itself, so that a web server can start before the CA has answered. */
public final class SelfSignedCertificate {

    private static final String COMMON_NAME = "Ringcert: waiting for the CA";

    private SelfSignedCertificate() {}

    /**
     * A certificate (RFC 5280) for those names and that key, no CA, for TLS servers. Its serial number of 127 bits is a
     * hash of the key, the names and the dates: as random as the key. The common name of subject and issuer is
     * {@code Ringcert: waiting for the CA}.
     *
     * @param notBefore its first moment; fractions of a second are dropped
     * @param notAfter its last moment; fractions of a second are dropped
     * @throws IllegalArgumentException if there is no name, the dates are the wrong way round, or the key is neither EC
     *     on P-256 or P-384 nor RSA
     */
    public static X509Certificate of(KeyPair key, List<HostName> names, Instant notBefore, Instant notAfter) {
        if (notAfter.isBefore(notBefore)) {
            throw new IllegalArgumentException("a certificate cannot end before it begins");
        }
        byte[] name = SignedDer.commonName(COMMON_NAME);
        byte[] validity = Der.sequence(Der.time(notBefore), Der.time(notAfter));
        byte[] publicKey = key.getPublic().getEncoded();
        byte[] alternativeName = SignedDer.subjectAlternativeName(names);
        byte[] content = Der.sequence(
                Der.tagged(0, Der.integer(BigInteger.TWO)),
                Der.integer(serial(Der.sequence(validity, publicKey, alternativeName))),
                SignedDer.algorithm(key.getPublic()),
                name,
                validity,
                name,
                publicKey,
                Der.tagged(3, Der.sequence(alternativeName, noCa(), keyUsage(key), serverAuth())));
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(SignedDer.of(content, key)));
        } catch (CertificateException e) {
            throw new IllegalStateException("this Java runtime does not read the certificate that was made", e);
        }
    }

    private static BigInteger serial(byte[] of) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(of);
            // the bit on top keeps its length the same and the number from being zero
            return new BigInteger(1, Arrays.copyOf(hash, 16)).setBit(127);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static byte[] noCa() {
        return Der.sequence(Der.oid("2.5.29.19"), Der.trueValue(), Der.octets(Der.sequence()));
    }

    /** Digital signature; for RSA key encipherment, too, which old clients want. */
    private static byte[] keyUsage(KeyPair key) {
        byte[] usage = key.getPublic() instanceof RSAPublicKey
                ? Der.bits(5, new byte[] {(byte) 0xa0})
                : Der.bits(7, new byte[] {(byte) 0x80});
        return Der.sequence(Der.oid("2.5.29.15"), Der.trueValue(), Der.octets(usage));
    }

    private static byte[] serverAuth() {
        return Der.sequence(Der.oid("2.5.29.37"), Der.octets(Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"))));
    }
}
