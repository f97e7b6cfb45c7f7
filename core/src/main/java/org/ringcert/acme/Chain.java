package org.ringcert.acme;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.cluster.PrintableText;
import org.ringcert.pki.Pem;

/** Reads a certificate chain as the CA returns it: in PEM, leaf first (RFC 8555, section 9.1). */
final class Chain {

    static final String MEDIA_TYPE = "application/pem-certificate-chain";

    private static final int MAX_CERTIFICATES = Pem.MAX_CERTIFICATES;

    /** The tag with which every certificate begins (ITU-T X.690). */
    private static final byte SEQUENCE = 0x30;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]*+)-----END CERTIFICATE-----");

    private Chain() {}

    /**
     * Returns the certificates of the reply in their order. Text around them is skipped (RFC 7468, section 2). Other
     * kinds of PEM blocks are rejected.
     *
     * @throws AcmeException of kind {@link Kind#UNUSABLE_CERTIFICATE} if Java cannot parse one of the certificates, or
     *     of kind {@link Kind#INVALID_RESPONSE} if the reply is not a chain
     */
    static List<X509Certificate> read(HttpReply reply, String requestName) throws AcmeException {
        List<X509Certificate> chain = new ArrayList<>();
        Matcher block = BLOCK.matcher(reply.body());
        int end = 0;
        while (block.find()) {
            checkNoOtherBlock(reply, requestName, reply.body().substring(end, block.start()));
            end = block.end();
            if (chain.size() == MAX_CERTIFICATES) {
                throw AcmeErrors.invalidResponse(
                        reply.url(), requestName, "the chain has more than " + MAX_CERTIFICATES + " certificates");
            }
            chain.add(certificate(reply, requestName, block.group(1), chain.size() + 1));
        }
        checkNoOtherBlock(reply, requestName, reply.body().substring(end));
        if (chain.isEmpty()) {
            throw AcmeErrors.invalidResponse(reply.url(), requestName, "it is not a certificate chain in PEM");
        }
        return List.copyOf(chain);
    }

    private static void checkNoOtherBlock(HttpReply reply, String requestName, String text) throws AcmeException {
        if (text.contains("-----BEGIN ")) {
            throw AcmeErrors.invalidResponse(
                    reply.url(), requestName, "it contains PEM blocks other than complete certificates");
        }
    }

    private static X509Certificate certificate(HttpReply reply, String requestName, String base64, int number)
            throws AcmeException {
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw AcmeErrors.invalidResponse(
                    reply.url(), requestName, "certificate " + number + " of the chain is not base64");
        }
        // CertificateFactory would accept other formats as well.
        if (der.length == 0 || der[0] != SEQUENCE) {
            throw AcmeErrors.invalidResponse(
                    reply.url(), requestName, "certificate " + number + " of the chain is not a certificate");
        }
        ByteArrayInputStream in = new ByteArrayInputStream(der);
        try {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            if (in.available() == 0) {
                return certificate;
            }
        } catch (CertificateException e) {
            throw new AcmeException(
                    Kind.UNUSABLE_CERTIFICATE,
                    reply.url().getHost() + " issued a certificate that cannot be used (number " + number
                            + " of the chain): " + reason(e),
                    Optional.empty(),
                    Optional.empty(),
                    e);
        }
        throw AcmeErrors.invalidResponse(
                reply.url(), requestName, "certificate " + number + " of the chain is followed by extra bytes");
    }

    /** Words the mistakes of CAs that are not set up completely; otherwise returns what Java says. */
    private static String reason(CertificateException e) {
        String message = "" + e.getMessage();
        if (message.contains("MUST be marked critical")) {
            return "its names must be marked critical, because its subject is empty (RFC 5280, section 4.2.1.6). Make"
                    + " the CA mark them, or set a subject. Ringcert asks for one if a name has 64 characters at most";
        }
        if (message.contains("subject field is empty") || message.contains("Empty subject DN")) {
            return "it is for no host name. Make the CA copy the names of the certificate request (OpenSSL:"
                    + " -copy_extensions copy)";
        }
        return PrintableText.of(message, 300);
    }
}
