package org.ringcert.acme;

import java.net.URI;
import java.security.PublicKey;
import org.ringcert.json.JsonFormat;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JWS with which a CA's customer claims an account key: signed by HMAC, around the key as a JWK (RFC 8555, section
 * 7.3.4). It is the only use of a symmetric key; {@link Jws} signs all requests. Immutable.
 */
record HmacJws(ExternalAccountBinding binding) {

    /** @param newAccount the URL of the request that will contain the JWS */
    ObjectNode sign(PublicKey accountKey, URI newAccount) {
        ObjectNode header = JsonFormat.newObject();
        header.put("alg", "HS256");
        header.put("kid", binding.keyId());
        header.put("url", newAccount.toString());
        return Jws.flattened(header, new Jwk(accountKey).json(), binding.key()::sign);
    }

    @Override
    public String toString() {
        return "signer for " + binding;
    }
}
