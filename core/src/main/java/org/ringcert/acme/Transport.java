package org.ringcert.acme;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/**
 * One HTTP request to the CA and its answer. Any number of threads may use it. What is asked of it is what HttpClient
 * is worth here, and its cost is the largest of the client: another may stand in its place.
 */
interface Transport extends AutoCloseable {

    /**
     * A request.
     *
     * @param body what a POST sends; empty for GET and HEAD
     * @param accept the media type that is wanted
     * @param limit the most bytes that the body of the answer may have
     */
    record Request(Method method, URI url, String body, String accept, int limit) {

        enum Method {
            GET,
            HEAD,
            POST
        }
    }

    /** The body of an answer is longer than allowed. */
    final class TooLongException extends IOException {

        private static final long serialVersionUID = 1;

        TooLongException(int limit) {
            super("more than " + limit / 1024 + " KiB");
        }
    }

    /**
     * No answer came by the proxy; the message says how the proxy, or what names it, is at fault, as far as can be
     * told.
     */
    final class ProxyException extends IOException {

        private static final long serialVersionUID = 1;

        ProxyException(String message) {
            super(message);
        }

        ProxyException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The connection ended in the middle of an answer. */
    final class BrokenOffException extends IOException {

        private static final long serialVersionUID = 1;

        BrokenOffException(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * Sends the request and reads the whole answer, body included, or gives up when that time is over. Redirects are
     * not followed.
     *
     * @throws java.net.http.HttpTimeoutException if it takes longer
     * @throws TooLongException if the answer is longer than its limit
     * @throws java.net.ProtocolException if what came is not HTTP
     * @throws ProxyException if it is a proxy's fault
     * @throws BrokenOffException if the connection ended after the answer had begun
     * @throws IOException if there is no connection or it broke
     */
    HttpReply exchange(Request request, Duration within) throws IOException, InterruptedException;

    /** Ends all exchanges that are under way, with an {@link IOException}; so do later ones. */
    @Override
    void close();
}
