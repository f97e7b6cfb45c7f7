package org.ringcert.pki;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/**
 * CA certificates that are trusted. They are kept as bytes, and parsed when they are asked for: a system trusts more
 * than a hundred, and a cluster needs one or two. Certificates that cannot be parsed are skipped. Thread-safe.
 */
public final class RootBundle {

    /** Maximum names to remember. Servers decide which names are asked for, and a hostile one may invent them. */
    private static final int MAX_NAMES = 100;

    private final List<byte[]> encoded;

    /** Those that have been asked for, by the encodings of their names. */
    private final Map<ByteBuffer, List<X509Certificate>> known = new ConcurrentHashMap<>();

    private RootBundle(List<byte[]> encoded) {
        this.encoded = List.copyOf(encoded);
    }

    /** Returns a bundle of certificates in DER, some of which may be damaged. */
    static RootBundle ofEncoded(List<byte[]> encoded) {
        return new RootBundle(encoded);
    }

    /** Returns a bundle of these certificates. */
    public static RootBundle of(Collection<X509Certificate> certificates) {
        return new RootBundle(certificates.stream().map(RootBundle::encode).toList());
    }

    /** Returns a bundle of the certificates of this one and of another one. */
    public RootBundle and(RootBundle other) {
        return new RootBundle(
                Stream.concat(encoded.stream(), other.encoded.stream()).toList());
    }

    /** Returns whether there is no certificate that can be parsed. */
    public boolean isEmpty() {
        return encoded.stream().flatMap(RootBundle::parse).findAny().isEmpty();
    }

    /** Returns all certificates. */
    public List<X509Certificate> all() {
        return encoded.stream().flatMap(RootBundle::parse).toList();
    }

    /**
     * Returns the certificates of a CA, of which it may have several with different keys. Names are the same if their
     * encodings are: a CA encodes its name in its own certificate as in those that it issues (RFC 5280, section
     * 4.1.2.6).
     */
    public List<X509Certificate> named(X500Principal name) {
        if (known.size() >= MAX_NAMES) {
            known.clear();
        }
        byte[] encodedName = name.getEncoded();
        return known.computeIfAbsent(ByteBuffer.wrap(encodedName), _ -> named(encodedName));
    }

    private List<X509Certificate> named(byte[] encodedName) {
        return encoded.stream()
                .filter(certificate -> contains(certificate, encodedName))
                .flatMap(RootBundle::parse)
                .filter(certificate ->
                        Arrays.equals(certificate.getSubjectX500Principal().getEncoded(), encodedName))
                .toList();
    }

    private static boolean contains(byte[] whole, byte[] part) {
        for (int start = 0; start <= whole.length - part.length; start++) {
            if (whole[start] == part[0] && Arrays.equals(whole, start, start + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] encode(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate cannot be encoded", e);
        }
    }

    private static Stream<X509Certificate> parse(byte[] certificate) {
        try {
            return Stream.of((X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate)));
        } catch (CertificateException e) {
            return Stream.empty();
        }
    }
}
