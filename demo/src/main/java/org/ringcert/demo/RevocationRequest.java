package org.ringcert.demo;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Revokes a certificate with its own key (RFC 8555, section 7.6), as someone does who has found the key. The key is of
 * type EC P-256.
 */
final class RevocationRequest {

    private static final int MAX_ATTEMPTS = 10;
    private static final int COORDINATE_BYTES = 32;

    private final ManagementClient client;
    private final JsonNode directory;

    /** @throws IOException if the directory cannot be fetched */
    RevocationRequest(ManagementClient client, URI directory) throws IOException {
        this.client = client;
        this.directory = JsonMapper.shared().readTree(client.get(directory));
    }

    /** @throws IOException if the CA refuses; the message has its reply */
    void revoke(X509Certificate certificate, KeyPair key) throws IOException {
        URI uri = resource("revokeCert");
        for (int attempt = 1; ; attempt++) {
            HttpResponse<String> response = client.postSigned(uri, request(uri, certificate, key));
            if (response.statusCode() == 200) {
                return;
            }
            if (attempt == MAX_ATTEMPTS || !response.body().contains(":badNonce")) {
                throw new IOException("the test CA did not revoke the certificate: " + response.body());
            }
        }
    }

    private URI resource(String name) {
        return URI.create(directory.get(name).stringValue());
    }

    private Map<String, Object> request(URI uri, X509Certificate certificate, KeyPair key) throws IOException {
        String nonce = client.head(resource("newNonce"), "Replay-Nonce");
        String header = json(Map.of(
                "alg", "ES256", "jwk", jwk((ECPublicKey) key.getPublic()), "nonce", nonce, "url", uri.toString()));
        try {
            String payload = json(Map.of("certificate", base64(certificate.getEncoded())));
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key.getPrivate());
            signature.update((header + "." + payload).getBytes(StandardCharsets.US_ASCII));
            return Map.of("protected", header, "payload", payload, "signature", base64(signature.sign()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key is not of type EC P-256", e);
        }
    }

    private static Map<String, Object> jwk(ECPublicKey key) {
        return Map.of(
                "kty",
                "EC",
                "crv",
                "P-256",
                "x",
                coordinate(key.getW().getAffineX()),
                "y",
                coordinate(key.getW().getAffineY()));
    }

    private static String coordinate(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[COORDINATE_BYTES];
        int length = Math.min(bytes.length, COORDINATE_BYTES);
        System.arraycopy(bytes, bytes.length - length, padded, COORDINATE_BYTES - length, length);
        return base64(padded);
    }

    private static String json(Map<String, Object> object) {
        return base64(JsonMapper.shared().writeValueAsBytes(object));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
