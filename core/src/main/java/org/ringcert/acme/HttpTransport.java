package org.ringcert.acme;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's HTTP client: HTTP/2 where the CA speaks it, else HTTP/1.1; by the proxy that the environment names, else by
 * that of the system properties.
 */
final class HttpTransport implements Transport {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("acme-http-", 0).factory());
    private final Optional<List<X509Certificate>> trustedRoots;
    private final String userAgent;
    private final Map<String, String> environment;

    /** Made for the first request, as it costs more than all else at a start, and mostly nothing is due then. */
    private @Nullable HttpClient client;

    private Optional<EnvironmentProxy> proxy = Optional.empty();
    private boolean closed;

    /**
     * @param trustedRoots what https is checked against, and nothing else; empty for what the system trusts, by
     *     {@link SystemRoots}
     * @param environment of the process, for what it says about proxies and about what the system trusts
     * @throws IllegalArgumentException if the list is there and empty
     */
    HttpTransport(Optional<List<X509Certificate>> trustedRoots, String userAgent, Map<String, String> environment) {
        if (trustedRoots.filter(List::isEmpty).isPresent()) {
            throw new IllegalArgumentException("no certificate to trust");
        }
        this.trustedRoots = trustedRoots;
        this.userAgent = userAgent;
        this.environment = environment;
    }

    private synchronized HttpClient client() throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        if (client == null) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .executor(executor)
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER);
            trustedRoots
                    .or(() -> SystemRoots.find(environment))
                    .ifPresent(roots -> builder.sslContext(trusting(roots)));
            proxy = EnvironmentProxy.find(environment);
            proxy.ifPresent(builder::proxy);
            client = builder.build();
        }
        return client;
    }

    @Override
    public HttpReply exchange(Request request, Duration within) throws IOException, InterruptedException {
        // HttpClient's own timeout ends with the headers: this one covers the body as well.
        AtomicBoolean answering = new AtomicBoolean();
        HttpClient asked = client();
        Optional<EnvironmentProxy> by = proxyFor(request.url());
        CompletableFuture<HttpResponse<String>> exchange = asked.sendAsync(toSend(request, by), _ -> {
            answering.set(true);
            return new CappedBody(request.limit());
        });
        try {
            HttpResponse<String> response = exchange.get(Math.max(1, within.toNanos()), TimeUnit.NANOSECONDS);
            if (by.isPresent()) {
                by.get().check(response.statusCode());
            }
            return new HttpReply(request.url(), response.statusCode(), response.headers(), response.body());
        } catch (TimeoutException _) {
            if (by.isPresent() && !answering.get()) {
                throw new ProxyException("nothing came through the proxy " + by.get() + " in time");
            }
            throw new HttpTimeoutException("no complete answer");
        } catch (ExecutionException e) {
            IOException failure = e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            if (answering.get() && !(failure instanceof TooLongException)) {
                throw new BrokenOffException(failure);
            }
            throw by.isPresent() ? by.get().explain(failure) : failure;
        } finally {
            exchange.cancel(true);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.shutdownNow();
        }
        executor.shutdown();
    }

    private synchronized Optional<EnvironmentProxy> proxyFor(URI url) {
        return proxy.filter(found -> found.serves(url));
    }

    private HttpRequest toSend(Request request, Optional<EnvironmentProxy> by) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.url())
                .header("User-Agent", userAgent)
                .header("Accept", request.accept());
        // The client tells it to the proxy only, when it asks for the tunnel.
        by.flatMap(EnvironmentProxy::authorization).ifPresent(value -> builder.header("Proxy-Authorization", value));
        if ("http".equalsIgnoreCase(request.url().getScheme())) {
            // Else it asks for an upgrade to HTTP/2, which some servers take amiss.
            builder.version(HttpClient.Version.HTTP_1_1);
        }
        switch (request.method()) {
            case GET -> builder.GET();
            case HEAD -> builder.HEAD();
            case POST ->
                builder.header("Content-Type", "application/jose+json").POST(BodyPublishers.ofString(request.body()));
        }
        return builder.build();
    }

    private static SSLContext trusting(List<X509Certificate> roots) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (int i = 0; i < roots.size(); i++) {
                trusted.setCertificateEntry("root" + i, roots.get(i));
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java runtime cannot trust certificates of a file: " + e, e);
        }
    }

    /** Collects a body as UTF-8, and lets go of the connection when it gets too long. */
    private static final class CappedBody implements BodySubscriber<String> {

        private final CompletableFuture<String> text = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int limit;
        private @Nullable Subscription subscription;

        CappedBody(int limit) {
            this.limit = limit;
        }

        @Override
        public CompletionStage<String> getBody() {
            return text;
        }

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (text.isDone()) {
                    return;
                }
                if (buffer.remaining() > limit - bytes.size()) {
                    text.completeExceptionally(new TooLongException(limit));
                    if (subscription != null) {
                        subscription.cancel();
                    }
                    return;
                }
                byte[] part = new byte[buffer.remaining()];
                buffer.get(part);
                bytes.writeBytes(part);
            }
        }

        @Override
        public void onError(Throwable error) {
            text.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            text.complete(bytes.toString(StandardCharsets.UTF_8));
        }
    }
}
