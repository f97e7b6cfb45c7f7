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

/** Creates self-signed certificates, with which a web server can start before the CA has issued one. */
public final class SelfSignedCertificate {

    private static final String COMMON_NAME = "Ringcert: waiting for the CA";

    private SelfSignedCertificate() {}

    /**
     * Creates a TLS server certificate (RFC 5280) for these names and this key; it is not a CA certificate. The common
     * name of its subject and issuer is {@code Ringcert: waiting for the CA}. Its serial number has 127 bits of a hash
     * of the key, the names and the dates, and is therefore as random as the key.
     *
     * @param notBefore start of its validity; fractions of a second are dropped
     * @param notAfter end of its validity; fractions of a second are dropped
     * @throws IllegalArgumentException if there is no name, if {@code notAfter} precedes {@code notBefore}, or if the
     *     key is neither EC on P-256 or P-384 nor RSA
     */
    public static X509Certificate create(KeyPair key, List<HostName> names, Instant notBefore, Instant notAfter) {
        if (notAfter.isBefore(notBefore)) {
            throw new IllegalArgumentException("notAfter precedes notBefore");
        }
        byte[] commonName = SignedDer.commonName(COMMON_NAME);
        byte[] validity = Der.sequence(Der.time(notBefore), Der.time(notAfter));
        byte[] publicKey = key.getPublic().getEncoded();
        byte[] alternativeName = SignedDer.subjectAlternativeName(names);
        byte[] content = Der.sequence(
                Der.tagged(0, Der.integer(BigInteger.TWO)),
                Der.integer(serial(Der.sequence(validity, publicKey, alternativeName))),
                SignedDer.algorithm(key.getPublic()),
                commonName,
                validity,
                commonName,
                publicKey,
                Der.tagged(3, Der.sequence(alternativeName, basicConstraints(), keyUsage(key), extendedKeyUsage())));
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(SignedDer.of(content, key)));
        } catch (CertificateException e) {
            throw new IllegalStateException("this Java runtime cannot read the certificate it has created", e);
        }
    }

    private static BigInteger serial(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            // The top bit gives all numbers the same length, and makes sure that none is zero.
            return new BigInteger(1, Arrays.copyOf(hash, 16)).setBit(127);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Not a CA. */
    private static byte[] basicConstraints() {
        return Der.sequence(Der.oid("2.5.29.19"), Der.trueValue(), Der.octets(Der.sequence()));
    }

    /** Digital signature; for RSA also key encipherment, which old clients require. */
    private static byte[] keyUsage(KeyPair key) {
        byte[] usage = key.getPublic() instanceof RSAPublicKey
                ? Der.bits(5, new byte[] {(byte) 0xa0})
                : Der.bits(7, new byte[] {(byte) 0x80});
        return Der.sequence(Der.oid("2.5.29.15"), Der.trueValue(), Der.octets(usage));
    }

    /** TLS server authentication. */
    private static byte[] extendedKeyUsage() {
        return Der.sequence(Der.oid("2.5.29.37"), Der.octets(Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"))));
    }
}
