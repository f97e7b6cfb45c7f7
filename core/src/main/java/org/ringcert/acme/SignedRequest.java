package org.ringcert.acme;

import java.net.URI;
import org.ringcert.json.JsonFormat;
import org.ringcert.pki.Pem;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request that is signed before it is sent. Immutable.
 *
 * @param payload JSON; empty for POST-as-GET (RFC 8555, section 6.3)
 * @param name names the request in messages, such as "the new order"
 * @param maxBytes maximum size of the response body
 */
record SignedRequest(URI url, String payload, String name, String accept, int maxBytes) {

    static final String JSON_MEDIA_TYPE = "application/json";
    static final int MAX_JSON_BYTES = 256 * 1024;

    private static final int MAX_CHAIN_BYTES = Pem.MAX_LENGTH;

    /** Creates a POST-as-GET for a JSON resource. */
    static SignedRequest postAsGet(URI url, String name) {
        return new SignedRequest(url, "", name, JSON_MEDIA_TYPE, MAX_JSON_BYTES);
    }

    /** Creates a POST-as-GET for a certificate chain. */
    static SignedRequest postAsGetChain(URI url, String name) {
        return new SignedRequest(url, "", name, Chain.MEDIA_TYPE, MAX_CHAIN_BYTES);
    }

    static SignedRequest post(URI url, ObjectNode payload, String name) {
        return new SignedRequest(url, JsonFormat.DEFAULT.write(payload), name, JSON_MEDIA_TYPE, MAX_JSON_BYTES);
    }

    /** Whether the request changes nothing, so that it may be repeated even if an earlier attempt has arrived. */
    boolean isRepeatable() {
        return payload.isEmpty();
    }

    Transport.Request signed(Jws signer, String nonce) {
        return new Transport.Request(
                Transport.Request.Method.POST, url, signer.sign(nonce, url, payload), accept, maxBytes);
    }
}
