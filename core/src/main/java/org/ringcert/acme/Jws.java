package org.ringcert.acme;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Optional;
import java.util.function.Function;
import org.ringcert.json.JsonFormat;
import tools.jackson.databind.node.ObjectNode;

/**
 * Signs requests as JWS in flattened JSON serialization (RFC 7515, section 7.2.2), with the header that RFC 8555,
 * section 6.2 requires. Immutable.
 *
 * @param kid the account's URL; empty if requests carry the public key instead, as those to newAccount do
 */
record Jws(KeyPair key, Optional<URI> kid) {

    static Jws withAccount(Account account) {
        return new Jws(account.key(), Optional.of(account.url()));
    }

    static Jws withKey(KeyPair key) {
        return new Jws(key, Optional.empty());
    }

    /** @param payload JSON, or empty for POST-as-GET (RFC 8555, section 6.3) */
    String sign(String nonce, URI url, String payload) {
        Jwk jwk = new Jwk(key.getPublic());
        ObjectNode header = JsonFormat.newObject();
        header.put("alg", jwk.algorithm());
        kid.ifPresentOrElse(
                account -> header.put("kid", account.toString()),
                () -> header.set("jwk", JsonFormat.DEFAULT.read(jwk.json())));
        header.put("nonce", nonce);
        header.put("url", url.toString());

        return JsonFormat.DEFAULT.write(flattened(header, payload, text -> signature(jwk.algorithm(), text)));
    }

    /**
     * Returns the JWS with which a key consents to become an account's: it is the payload of another one, has no nonce,
     * and carries the public key (RFC 8555, section 7.3.5).
     *
     * @param url the URL of the request that will contain the JWS
     */
    static ObjectNode innerJws(KeyPair key, URI url, ObjectNode payload) {
        Jwk jwk = new Jwk(key.getPublic());
        ObjectNode header = JsonFormat.newObject();
        header.put("alg", jwk.algorithm());
        header.set("jwk", JsonFormat.DEFAULT.read(jwk.json()));
        header.put("url", url.toString());
        Jws signer = withKey(key);
        return flattened(header, JsonFormat.DEFAULT.write(payload), text -> signer.signature(jwk.algorithm(), text));
    }

    /** Returns a JWS in flattened JSON serialization (RFC 7515, section 7.2.2). */
    static ObjectNode flattened(ObjectNode header, String payload, Function<String, byte[]> signer) {
        String protectedHeader = base64Url(JsonFormat.DEFAULT.write(header));
        String body = base64Url(payload);
        ObjectNode jws = JsonFormat.newObject();
        jws.put("protected", protectedHeader);
        jws.put("payload", body);
        jws.put("signature", Jwk.base64Url(signer.apply(protectedHeader + "." + body)));
        return jws;
    }

    private byte[] signature(String algorithm, String text) {
        try {
            Signature signature = Signature.getInstance(
                    switch (algorithm) {
                        // JOSE requires plain r and s (RFC 7518, section 3.4), not DER.
                        case "ES256" -> "SHA256withECDSAinP1363Format";
                        case "ES384" -> "SHA384withECDSAinP1363Format";
                        default -> "SHA256withRSA";
                    });
            signature.initSign(key.getPrivate());
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the account key cannot sign: " + e.getMessage(), e);
        }
    }

    private static String base64Url(String text) {
        return Jwk.base64Url(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "signer for " + kid.map(URI::toString).orElse("a new account");
    }
}
