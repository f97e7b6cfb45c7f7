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

/** A certificate as the CA hands it out: a chain in PEM, leaf first (RFC 8555, section 9.1). */
final class Chain {

    static final String MEDIA_TYPE = "application/pem-certificate-chain";

    private static final int LONGEST = 20;
    /** The tag that a certificate begins with (ITU-T X.690). */
    private static final byte SEQUENCE = 0x30;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]*+)-----END CERTIFICATE-----");

    private Chain() {}

    /**
     * The certificates of the answer, in its order. Text around them is skipped (RFC 7468, section 2); anything else in
     * PEM is refused.
     *
     * @throws AcmeException of kind {@link Kind#UNUSABLE_CERTIFICATE} if one of them cannot be read as a certificate,
     *     {@link Kind#INVALID_RESPONSE} if it is no chain at all
     */
    static List<X509Certificate> read(HttpReply reply, String what) throws AcmeException {
        List<X509Certificate> chain = new ArrayList<>();
        Matcher block = BLOCK.matcher(reply.body());
        int end = 0;
        while (block.find()) {
            checkText(reply, what, reply.body().substring(end, block.start()));
            end = block.end();
            if (chain.size() == LONGEST) {
                throw AcmeErrors.invalidResponse(
                        reply.url(), what, "the chain has more than " + LONGEST + " certificates");
            }
            chain.add(certificate(reply, what, block.group(1), chain.size() + 1));
        }
        checkText(reply, what, reply.body().substring(end));
        if (chain.isEmpty()) {
            throw AcmeErrors.invalidResponse(reply.url(), what, "it is no chain of certificates in PEM");
        }
        return List.copyOf(chain);
    }

    private static void checkText(HttpReply reply, String what, String text) throws AcmeException {
        if (text.contains("-----BEGIN ")) {
            throw AcmeErrors.invalidResponse(
                    reply.url(), what, "it holds something else than whole certificates in PEM");
        }
    }

    private static X509Certificate certificate(HttpReply reply, String what, String base64, int number)
            throws AcmeException {
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw AcmeErrors.invalidResponse(reply.url(), what, "certificate " + number + " of the chain is no base64");
        }
        // The factory would take other things for certificates, too.
        if (der.length == 0 || der[0] != SEQUENCE) {
            throw AcmeErrors.invalidResponse(
                    reply.url(), what, "certificate " + number + " of the chain is no certificate");
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
                            + " of its chain): " + ProblemDocument.clean("" + e.getMessage(), 300),
                    Optional.empty(),
                    Optional.empty(),
                    e);
        }
        throw AcmeErrors.invalidResponse(
                reply.url(), what, "certificate " + number + " of the chain has something after it");
    }
}
