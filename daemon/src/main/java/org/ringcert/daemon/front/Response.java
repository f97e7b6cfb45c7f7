package org.ringcert.daemon.front;

import java.nio.charset.StandardCharsets;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.handoff.Answer;

/**
 * An answer before it is written. Nothing of a request is in it, but for the host, path and query of a redirect to
 * https.
 *
 * @param status code and reason
 * @param fields header fields, each ended by CR LF, without those that {@link #bytes} adds
 * @param body ASCII
 * @param closes whether the connection ends with it, whatever the client wants
 */
record Response(String status, String fields, String body, boolean closes) {

    private static final String PLAIN =
            "Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n";
    private static final String NO_STORE = "Cache-Control: no-store\r\n";

    /** What is said about the connection's future. */
    enum Persistence {
        /** Nothing: it stays open by default. */
        STAYS(""),
        /** It stays open, which an HTTP/1.0 client must be told. */
        KEPT("Connection: keep-alive\r\n"),
        CLOSES("Connection: close\r\n");

        private final String field;

        Persistence(String field) {
            this.field = field;
        }
    }

    /** The front works. */
    static Response well() {
        return new Response("200 OK", PLAIN + NO_STORE, "ok\n", false);
    }

    static Response of(Route.Redirect redirect) {
        String status = redirect.keepsMethod() ? "308 Permanent Redirect" : "301 Moved Permanently";
        return new Response(status, "Location: " + redirect.location() + "\r\n", "", false);
    }

    static Response of(Answer answer) {
        return switch (answer) {
            case Answer.Held held -> found(held.keyAuthorization());
            case Answer.Relayed relayed -> found(relayed.keyAuthorization());
            case Answer.RedirectTo there ->
                new Response("302 Found", "Location: " + there.location() + "\r\n" + NO_STORE, "", false);
            case Answer.NotFound() -> of(Refusal.NOT_FOUND);
        };
    }

    static Response of(Refusal refusal) {
        return switch (refusal) {
            case NOT_FOUND -> text(refusal, "", "not found\n");
            case METHOD_NOT_ALLOWED -> text(refusal, "Allow: GET, HEAD\r\n", "method not allowed\n");
            case UNAVAILABLE -> text(refusal, "Retry-After: 1\r\n", "too much to do, try again\n");
            case INTERNAL_ERROR -> text(refusal, "", "something went wrong here\n");
            case REQUEST_TIMEOUT -> text(refusal, "", "the request did not come to its end\n");
            case BAD_REQUEST, URI_TOO_LONG, FIELDS_TOO_LARGE, VERSION_NOT_SUPPORTED ->
                text(refusal, "", "not a request that is served here\n");
        };
    }

    /**
     * The answer as it goes over the wire.
     *
     * @param withBody false for HEAD, which gets the same length and no body
     * @param date the moment in the form of RFC 9110, section 5.6.7
     */
    byte[] bytes(boolean withBody, Persistence persistence, String date) {
        String text = "HTTP/1.1 " + status + "\r\nDate: " + date + "\r\n" + fields + persistence.field
                + "Content-Length: " + body.length() + "\r\n\r\n" + (withBody ? body : "");
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Response found(KeyAuthorization keyAuthorization) {
        return new Response("200 OK", PLAIN + NO_STORE, keyAuthorization.text(), false);
    }

    private static Response text(Refusal refusal, String fields, String body) {
        return new Response(refusal.status(), PLAIN + NO_STORE + fields, body, refusal.closes());
    }
}
