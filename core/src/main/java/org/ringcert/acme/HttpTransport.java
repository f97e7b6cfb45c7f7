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
import org.ringcert.pki.RootBundle;
import org.ringcert.pki.SystemRoots;

/**
 * A transport on the JDK's HTTP client. Uses HTTP/2 if the CA supports it, otherwise HTTP/1.1. Goes through the proxy
 * that the environment names, or failing that the one in the system properties.
 */
final class HttpTransport implements Transport {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("acme-http-", 0).factory());
    private final Optional<List<X509Certificate>> trustedRoots;
    private final String userAgent;
    private final Map<String, String> environment;

    /** Created for the first request: it is the most expensive object at startup, when usually nothing is due. */
    private @Nullable HttpClient client;

    private Optional<EnvironmentProxy> environmentProxy = Optional.empty();
    private boolean closed;

    /**
     * @param trustedRoots the only certificates that https is verified against; empty for those the system trusts (see
     *     {@link SystemRoots})
     * @param environment the process's environment variables, which may name a proxy and the file of trusted
     *     certificates
     * @throws IllegalArgumentException if the list is present but empty
     */
    HttpTransport(Optional<List<X509Certificate>> trustedRoots, String userAgent, Map<String, String> environment) {
        if (trustedRoots.filter(List::isEmpty).isPresent()) {
            throw new IllegalArgumentException("the list of trusted certificates is empty");
        }
        this.trustedRoots = trustedRoots;
        this.userAgent = userAgent;
        this.environment = environment;
    }

    @Override
    public HttpReply exchange(Request request, Duration timeout) throws IOException, InterruptedException {
        AtomicBoolean responding = new AtomicBoolean();
        HttpClient http = client();
        Optional<EnvironmentProxy> proxy = proxyFor(request.url());
        CompletableFuture<HttpResponse<String>> exchange = http.sendAsync(httpRequest(request, proxy), _ -> {
            responding.set(true);
            return new CappedBody(request.maxBytes());
        });
        try {
            // HttpClient's own timeout covers only the headers; this one covers the body as well.
            HttpResponse<String> response = exchange.get(Math.max(1, timeout.toNanos()), TimeUnit.NANOSECONDS);
            if (proxy.isPresent()) {
                proxy.get().checkStatus(response.statusCode());
            }
            return new HttpReply(request.url(), response.statusCode(), response.headers(), response.body());
        } catch (TimeoutException _) {
            if (proxy.isPresent() && !responding.get()) {
                throw new ProxyException("nothing came through the proxy " + proxy.get() + " in time");
            }
            throw new HttpTimeoutException("no complete response");
        } catch (ExecutionException e) {
            IOException failure = e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            if (responding.get() && !(failure instanceof TooLongException)) {
                throw new TruncatedResponseException(failure);
            }
            throw proxy.isPresent() ? proxy.get().explain(failure) : failure;
        } finally {
            exchange.cancel(true);
        }
    }

    private synchronized HttpClient client() throws IOException {
        if (closed) {
            throw new IOException("the client is closed");
        }
        if (client == null) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .executor(executor)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NEVER);
            trustedRoots
                    .or(() -> SystemRoots.find(environment).map(RootBundle::all))
                    .ifPresent(roots -> builder.sslContext(trusting(roots)));
            environmentProxy = EnvironmentProxy.find(environment);
            environmentProxy.ifPresent(builder::proxy);
            client = builder.build();
        }
        return client;
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
        return environmentProxy.filter(proxy -> proxy.serves(url));
    }

    private HttpRequest httpRequest(Request request, Optional<EnvironmentProxy> proxy) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.url())
                .header("User-Agent", userAgent)
                .header("Accept", request.accept());
        // HttpClient sends this header to the proxy only, with the CONNECT request.
        proxy.flatMap(EnvironmentProxy::authorization).ifPresent(value -> builder.header("Proxy-Authorization", value));
        if ("http".equalsIgnoreCase(request.url().getScheme())) {
            // Otherwise HttpClient asks for an upgrade to HTTP/2, which confuses some servers.
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
            throw new IllegalStateException("this Java runtime cannot use the trusted certificates: " + e, e);
        }
    }

    /** Collects a body as UTF-8 and closes the connection if the body is too long. */
    private static final class CappedBody implements BodySubscriber<String> {

        private final CompletableFuture<String> text = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int maxBytes;
        private @Nullable Subscription subscription;

        CappedBody(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public CompletionStage<String> getBody() {
            return text;
        }

        @Override
        public void onSubscribe(Subscription newSubscription) {
            subscription = newSubscription;
            newSubscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (text.isDone()) {
                    return;
                }
                if (buffer.remaining() > maxBytes - bytes.size()) {
                    text.completeExceptionally(new TooLongException(maxBytes));
                    if (subscription != null) {
                        subscription.cancel();
                    }
                    return;
                }
                byte[] chunk = new byte[buffer.remaining()];
                buffer.get(chunk);
                bytes.writeBytes(chunk);
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
