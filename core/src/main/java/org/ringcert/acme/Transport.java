package org.ringcert.acme;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/**
 * Sends one HTTP request to the CA and reads the reply. Thread-safe.
 *
 * <p>The interface is small so that {@link java.net.http.HttpClient}, whose cost is the largest part of this client's,
 * can be replaced.
 */
interface Transport extends AutoCloseable {

    /**
     * A request.
     *
     * @param body the body of a POST; empty for GET and HEAD
     * @param accept the media type for the Accept header
     * @param maxBytes maximum size of the response body
     */
    record Request(Method method, URI url, String body, String accept, int maxBytes) {

        enum Method {
            GET,
            HEAD,
            POST
        }
    }

    /** The response body is longer than allowed. */
    final class TooLongException extends IOException {

        private static final long serialVersionUID = 1;

        TooLongException(int maxBytes) {
            super("more than " + maxBytes / 1024 + " KiB");
        }
    }

    /** No response came through the proxy. The message says what is wrong with the proxy, as far as is known. */
    final class ProxyException extends IOException {

        private static final long serialVersionUID = 1;

        ProxyException(String message) {
            super(message);
        }

        ProxyException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The connection ended in the middle of the response. */
    final class TruncatedResponseException extends IOException {

        private static final long serialVersionUID = 1;

        TruncatedResponseException(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * Sends the request and reads the complete response, including the body. Redirects are not followed.
     *
     * @param timeout limit for the whole exchange
     * @throws java.net.http.HttpTimeoutException if the exchange takes longer
     * @throws TooLongException if the response body is longer than allowed
     * @throws java.net.ProtocolException if the response is not HTTP
     * @throws ProxyException if the proxy is at fault
     * @throws TruncatedResponseException if the connection ended after the response had begun
     * @throws IOException if the connection cannot be made or breaks
     */
    HttpReply exchange(Request request, Duration timeout) throws IOException, InterruptedException;

    /** Aborts all exchanges in progress. They and later ones fail with an {@link IOException}. */
    @Override
    void close();
}
