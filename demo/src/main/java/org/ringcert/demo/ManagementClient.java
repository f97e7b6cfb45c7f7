package org.ringcert.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP client for the management interfaces of Pebble and its DNS server. */
final class ManagementClient implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client;

    /** @param trusted the only certificate to trust for https */
    ManagementClient(X509Certificate trusted) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .sslContext(contextTrusting(trusted))
                .build();
    }

    /**
     * Returns the body of the reply.
     *
     * @throws IOException if the status is not 200
     */
    String get(URI uri) throws IOException {
        return checkOk(send(HttpRequest.newBuilder(uri).GET()));
    }

    /**
     * Posts a body as JSON.
     *
     * @throws IOException if the status is not 200
     */
    void post(URI uri, Map<String, Object> body) throws IOException {
        checkOk(send(HttpRequest.newBuilder(uri).POST(json(body))));
    }

    /** Posts a body as a signed ACME request (RFC 8555, section 6.2) and returns the reply, whatever its status. */
    HttpResponse<String> postSigned(URI uri, Map<String, Object> body) throws IOException {
        return send(HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/jose+json")
                .POST(json(body)));
    }

    private static HttpRequest.BodyPublisher json(Map<String, Object> body) {
        return HttpRequest.BodyPublishers.ofByteArray(JsonMapper.shared().writeValueAsBytes(body));
    }

    /**
     * Returns a field of the reply to a HEAD request.
     *
     * @throws IOException if it has no such field
     */
    String head(URI uri, String field) throws IOException {
        HttpResponse<String> response = send(HttpRequest.newBuilder(uri).HEAD());
        return response.headers()
                .firstValue(field)
                .orElseThrow(() -> new IOException("the test CA sent no %s at %s".formatted(field, uri)));
    }

    /**
     * Waits until the server at the URI gives any answer at all, whatever its status.
     *
     * @param server the process that should answer
     * @throws IOException if it ends or the timeout expires first; the message has its last lines of output
     */
    void awaitAnswer(URI uri, ChildProcess server, Duration timeout) throws IOException {
        long start = System.nanoTime();
        while (true) {
            boolean alive = server.isAlive();
            try {
                send(HttpRequest.newBuilder(uri).GET());
                return;
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                if (!alive || System.nanoTime() - start > timeout.toNanos()) {
                    throw new IOException(
                            "the test CA does not answer at %s: %s; its last output: %s"
                                    .formatted(uri, e, Programs.lastLines(server.output())),
                            e);
                }
            }
            server.pause();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return client.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw Programs.interrupted(e);
        }
    }

    private static String checkOk(HttpResponse<String> response) throws IOException {
        if (response.statusCode() != 200) {
            throw new IOException("the test CA answered %d at %s: %s"
                    .formatted(response.statusCode(), response.uri(), Programs.lastLines(response.body())));
        }
        return response.body();
    }

    private static SSLContext contextTrusting(X509Certificate certificate) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("test-ca", certificate);
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java runtime does not accept a trust store", e);
        }
    }
}
