package org.ringcert.daemon.front;

import java.nio.charset.StandardCharsets;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.HandoffHint;
import org.ringcert.view.look.LookAnswer;

/**
 * A response before it is written. Contains nothing from the request, except for the host, path and query in a redirect
 * to https.
 *
 * @param status code and reason phrase
 * @param fields header fields, each ended by CR LF, without those that {@link #bytes} adds
 * @param body ASCII
 * @param closesConnection whether the connection is closed afterwards, whatever the client wants
 */
record FrontResponse(String status, String fields, String body, boolean closesConnection) {

    /** The body of {@link #healthy}. Load balancers and other processes look for it. */
    static final String HEALTHY = "ok\n";

    private static final String PLAIN_TEXT =
            "Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n";
    private static final String JSON = "Content-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n";
    private static final String NO_STORE = "Cache-Control: no-store\r\n";
    private static final String RELAY_HINT = HandoffHint.HEADER + ": " + HandoffHint.RELAY_VALUE + "\r\n";

    /** The {@code Connection} field of a response. */
    enum ConnectionField {
        /** None: an HTTP/1.1 connection stays open by default. */
        ABSENT(""),
        /** Tells an HTTP/1.0 client that the connection stays open. */
        KEEP_ALIVE("Connection: keep-alive\r\n"),
        CLOSE("Connection: close\r\n");

        private final String line;

        ConnectionField(String line) {
            this.line = line;
        }
    }

    /** Returns the response that says that the front works. */
    static FrontResponse healthy() {
        return keepingConnection("200 OK", PLAIN_TEXT + NO_STORE, HEALTHY);
    }

    static FrontResponse redirect(Route.Redirect redirect) {
        String status = redirect.keepsMethod() ? "308 Permanent Redirect" : "301 Moved Permanently";
        return keepingConnection(status, locationField(redirect.location()), "");
    }

    static FrontResponse answer(Answer answer) {
        return switch (answer) {
            case Answer.Held held -> keyAuthorization(held.keyAuthorization(), held.hint());
            case Answer.Relayed relayed -> keyAuthorization(relayed.keyAuthorization(), HandoffHint.NONE);
            case Answer.RedirectTo redirect ->
                keepingConnection("302 Found", locationField(redirect.location()) + NO_STORE, "");
            case Answer.NotFound() -> error(HttpError.NOT_FOUND);
        };
    }

    static FrontResponse look(LookAnswer answer) {
        return switch (answer) {
            case LookAnswer.Report(String json) -> keepingConnection("200 OK", JSON + NO_STORE, json);
            case LookAnswer.NotHeld() -> error(HttpError.NOT_FOUND);
            case LookAnswer.Busy() -> error(HttpError.UNAVAILABLE);
        };
    }

    static FrontResponse error(HttpError error) {
        return switch (error) {
            case NOT_FOUND -> error(error, "", "not found\n");
            case METHOD_NOT_ALLOWED -> error(error, "Allow: GET, HEAD\r\n", "method not allowed\n");
            case UNAVAILABLE -> error(error, "Retry-After: 1\r\n", "too busy, try again\n");
            case INTERNAL_ERROR -> error(error, "", "internal error\n");
            case REQUEST_TIMEOUT -> error(error, "", "the request was not completed in time\n");
            case BAD_REQUEST, URI_TOO_LONG, FIELDS_TOO_LARGE, VERSION_NOT_SUPPORTED ->
                error(error, "", "this request cannot be served\n");
        };
    }

    /**
     * Returns the response as it is sent.
     *
     * @param date the current time as {@link HttpDate} formats it
     */
    byte[] bytes(ConnectionField connection, String date) {
        return encode(head(connection, date) + body);
    }

    /** Returns the response to a HEAD request: the same header fields, including the length, without the body. */
    byte[] bytesWithoutBody(ConnectionField connection, String date) {
        return encode(head(connection, date));
    }

    private String head(ConnectionField connection, String date) {
        return "HTTP/1.1 " + status + "\r\nDate: " + date + "\r\n" + fields + connection.line + "Content-Length: "
                + body.length() + "\r\n\r\n";
    }

    private static byte[] encode(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static FrontResponse keyAuthorization(KeyAuthorization keyAuthorization, HandoffHint hint) {
        String fields = switch (hint) {
            case NONE -> PLAIN_TEXT + NO_STORE;
            case RELAY -> PLAIN_TEXT + NO_STORE + RELAY_HINT;
        };
        return keepingConnection("200 OK", fields, keyAuthorization.text());
    }

    private static FrontResponse keepingConnection(String status, String fields, String body) {
        return new FrontResponse(status, fields, body, false);
    }

    private static FrontResponse error(HttpError error, String fields, String body) {
        return new FrontResponse(error.status(), PLAIN_TEXT + NO_STORE + fields, body, error.closesConnection());
    }

    private static String locationField(String location) {
        return "Location: " + location + "\r\n";
    }
}
