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

/** The management interfaces of the test CA's two programs. */
final class Management implements AutoCloseable {

    private static final Duration AT_MOST = Duration.ofSeconds(10);

    private final HttpClient client;

    /** Trusts that certificate for https and no other. */
    Management(X509Certificate trusted) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(AT_MOST)
                .sslContext(trusting(trusted))
                .build();
    }

    String get(URI uri) throws IOException {
        return ok(send(HttpRequest.newBuilder(uri).GET()));
    }

    void post(URI uri, Map<String, Object> body) throws IOException {
        byte[] json = JsonMapper.shared().writeValueAsBytes(body);
        ok(send(HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofByteArray(json))));
    }

    /** Waits until there is any answer at all, as long as the program that should give it is alive. */
    void awaitAnswer(URI uri, ChildProcess from, Duration atMost) throws IOException {
        long began = System.nanoTime();
        while (true) {
            boolean alive = from.isAlive();
            try {
                send(HttpRequest.newBuilder(uri).GET());
                return;
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                if (!alive || System.nanoTime() - began > atMost.toNanos()) {
                    throw new IOException(
                            "the test CA does not answer at %s: %s; it said: %s"
                                    .formatted(uri, e, Programs.end(from.output())),
                            e);
                }
            }
            from.glance();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return client.send(request.timeout(AT_MOST).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw Programs.interrupted(e);
        }
    }

    private static String ok(HttpResponse<String> response) throws IOException {
        if (response.statusCode() != 200) {
            throw new IOException("the test CA answers %d at %s: %s"
                    .formatted(response.statusCode(), response.uri(), Programs.end(response.body())));
        }
        return response.body();
    }

    private static SSLContext trusting(X509Certificate certificate) {
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
            throw new IllegalStateException("this Java runtime cannot be told what to trust", e);
        }
    }
}
