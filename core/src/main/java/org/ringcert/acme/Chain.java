package org.ringcert.acme;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A certificate as the CA hands it out: a chain in PEM, leaf first (RFC 8555, section 9.1). */
final class Chain {

    static final String MEDIA_TYPE = "application/pem-certificate-chain";

    private static final int LONGEST = 20;
    private static final Pattern BLOCK =
            Pattern.compile("\\G\\s*+-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\\s]*+-----END CERTIFICATE-----\\s*+");

    private Chain() {}

    static List<X509Certificate> read(Reply reply, String what) throws AcmeException {
        // Counted before the factory sees it, which takes other things for certificates, too.
        String text = reply.body();
        int blocks = 0;
        int end = 0;
        for (Matcher block = BLOCK.matcher(text); block.find(); end = block.end()) {
            if (++blocks > LONGEST) {
                throw Failures.garbled(reply.url(), what, "the chain has more than " + LONGEST + " certificates");
            }
        }
        if (blocks == 0 || end < text.length()) {
            throw Failures.garbled(reply.url(), what, "it is no chain of certificates in PEM");
        }
        try {
            List<X509Certificate> chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (chain.size() == blocks) {
                return chain;
            }
        } catch (CertificateException | IllegalArgumentException _) {
            // Said below: what the parser says of it helps nobody.
        }
        throw Failures.garbled(reply.url(), what, "the chain holds what is no certificate");
    }
}
