package org.ringcert.acme;

import java.net.URI;

/**
 * What is asked of the CA by a signed request. Immutable.
 *
 * @param payload JSON; empty for POST-as-GET (RFC 8555, section 6.3)
 * @param what what it is, for messages: "the new order"
 * @param limit the most bytes that the answer may have
 */
record SignedRequest(URI url, String payload, String what, String accept, int limit) {

    static final String JSON = "application/json";
    static final int JSON_LIMIT = 256 * 1024;

    private static final int CHAIN_LIMIT = 1024 * 1024;

    static SignedRequest look(URI url, String what) {
        return new SignedRequest(url, "", what, JSON, JSON_LIMIT);
    }

    static SignedRequest send(URI url, String payload, String what) {
        return new SignedRequest(url, payload, what, JSON, JSON_LIMIT);
    }

    static SignedRequest chain(URI url, String what) {
        return new SignedRequest(url, "", what, Chain.MEDIA_TYPE, CHAIN_LIMIT);
    }

    /** Whether it may be asked anew when nobody knows if it has arrived: it changes nothing. */
    boolean repeatable() {
        return payload.isEmpty();
    }

    Transport.Request signed(Jws signer, String nonce) {
        return new Transport.Request(
                Transport.Request.Method.POST, url, signer.sign(nonce, url, payload), accept, limit);
    }
}
