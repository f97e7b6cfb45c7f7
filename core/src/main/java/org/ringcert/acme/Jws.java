package org.ringcert.acme;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Signs requests: JWS in the flattened JSON form (RFC 7515, section 7.2.2) with the header that RFC 8555, section 6.2
 * asks for. Immutable.
 *
 * @param kid the account's URL; empty for a request that carries the key itself, which only a registration does
 */
record Jws(KeyPair key, Optional<URI> kid) {

    static Jws of(Account account) {
        return new Jws(account.key(), Optional.of(account.url()));
    }

    /** @param payload JSON, or empty for POST-as-GET (RFC 8555, section 6.3) */
    String sign(String nonce, URI url, String payload) {
        Jwk jwk = new Jwk(key.getPublic());
        ObjectNode header = JsonFields.JSON.createObjectNode();
        header.put("alg", jwk.algorithm());
        kid.ifPresentOrElse(
                account -> header.put("kid", account.toString()),
                () -> header.set("jwk", JsonFields.JSON.readTree(jwk.json())));
        header.put("nonce", nonce);
        header.put("url", url.toString());

        String head = base64(JsonFields.JSON.writeValueAsString(header));
        String body = base64(payload);
        ObjectNode jws = JsonFields.JSON.createObjectNode();
        jws.put("protected", head);
        jws.put("payload", body);
        jws.put("signature", Jwk.base64(signature(jwk.algorithm(), head + "." + body)));
        return JsonFields.JSON.writeValueAsString(jws);
    }

    private byte[] signature(String algorithm, String text) {
        try {
            Signature signature = Signature.getInstance(
                    switch (algorithm) {
                        // P1363 is the plain r and s that JOSE wants (RFC 7518, section 3.4), not DER.
                        case "ES256" -> "SHA256withECDSAinP1363Format";
                        case "ES384" -> "SHA384withECDSAinP1363Format";
                        default -> "SHA256withRSA";
                    });
            signature.initSign(key.getPrivate());
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the account's key cannot sign: " + e.getMessage(), e);
        }
    }

    private static String base64(String text) {
        return Jwk.base64(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "signer " + kid.map(URI::toString).orElse("without account");
    }
}
