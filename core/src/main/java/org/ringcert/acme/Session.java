package org.ringcert.acme;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.Transport.Request;
import org.ringcert.acme.Transport.Request.Method;
import org.ringcert.cluster.PrintableText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exchanges requests and replies with one CA. Limits how many requests are in flight, signs each with a fresh nonce,
 * and retries where the protocol says so. Thread-safe.
 */
final class Session implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Session.class);

    /** There may be many orders at a time, and CAs limit the rate of requests. */
    private static final int MAX_IN_FLIGHT = 16;

    /** With a CA that rejects 30 % of its own nonces, ten attempts fail once in 170,000 requests. */
    private static final int MAX_NONCE_ATTEMPTS = 10;

    /** Longer waits are left to the caller. Request limits at a CA's load balancer are usually shorter. */
    private static final Duration MAX_RETRY_WAIT = Duration.ofSeconds(10);

    private static final Duration MIN_RETRY_WAIT = Duration.ofMillis(200);
    private static final int MAX_RETRIES = 3;

    private static final Duration DIRECTORY_LIFETIME = Duration.ofDays(1);

    private record CachedDirectory(Directory directory, Instant fetchedAt) {}

    /**
     * The reply to a request.
     *
     * @param firstFailure why the first attempt failed, if this reply is to the second
     */
    private record Delivery(HttpReply reply, Optional<IOException> firstFailure) {}

    private final URI directoryUrl;
    private final UrlRule urlRule;
    private final Transport transport;
    private final Timeouts timeouts;
    private final Clock clock;
    private final Sleeper sleeper;
    private final Nonces nonces;
    private final CaClock caClock;
    private final Semaphore slots = new Semaphore(MAX_IN_FLIGHT, true);
    private final AtomicReference<@Nullable CachedDirectory> cachedDirectory = new AtomicReference<>();

    /** @throws IllegalArgumentException if the URL is not acceptable for a directory */
    Session(URI directoryUrl, Transport transport, Timeouts timeouts, Clock clock, Sleeper sleeper) {
        this.directoryUrl = directoryUrl;
        this.urlRule = UrlRule.forDirectory(directoryUrl);
        this.transport = transport;
        this.timeouts = timeouts;
        this.clock = clock;
        this.sleeper = sleeper;
        this.nonces = new Nonces(clock);
        this.caClock = new CaClock(clock);
    }

    /**
     * Returns the CA's directory, fetching it on first use and then once a day. Concurrent callers may each fetch it.
     */
    Directory directory(Deadline deadline) throws AcmeException {
        CachedDirectory cached = cachedDirectory.get();
        if (cached != null && clock.instant().isBefore(cached.fetchedAt().plus(DIRECTORY_LIFETIME))) {
            return cached.directory();
        }
        Directory directory = fetchDirectory(deadline);
        cachedDirectory.set(new CachedDirectory(directory, clock.instant()));
        return directory;
    }

    /**
     * Compares this machine's clock with the CA's, by a reply of the last minute or a new one.
     *
     * @throws AcmeException of kind {@link Kind#WRONG_CLOCK} if they differ by more than a day
     */
    void checkClock(Deadline deadline) throws AcmeException {
        URI newNonceUrl = directory(deadline).newNonce();
        Optional<CaClock.Reading> reading = caClock.recent();
        if (reading.isEmpty()) {
            // The order needs a nonce anyway.
            nonces.put(fetchNonce(newNonceUrl, deadline));
            reading = caClock.recent();
        }
        if (reading.isPresent() && !ClockTolerance.allows(reading.get().difference())) {
            throw AcmeErrors.wrongClock(directoryUrl, reading.get());
        }
    }

    /** Returns the CA's directory as it was last fetched; empty if it was not fetched yet. Sends nothing. */
    Optional<Directory> knownDirectory() {
        return Optional.ofNullable(cachedDirectory.get()).map(CachedDirectory::directory);
    }

    private Directory fetchDirectory(Deadline deadline) throws AcmeException {
        String name = "the request for its directory";
        try {
            HttpReply reply = get(directoryUrl, name, deadline);
            return Directory.read(fields(reply, name)).withClockOffset(reply.clockOffset(clock));
        } catch (AcmeException e) {
            throw switch (e.kind()) {
                // Neither NOT_FOUND nor ACCOUNT_GONE must reach the caller: no order or account has disappeared.
                case NOT_FOUND,
                        ACCOUNT_GONE,
                        REFUSED,
                        ALREADY_REPLACED,
                        INVALID_RESPONSE,
                        WRONG_CLOCK,
                        UNUSABLE_CERTIFICATE ->
                    e.withKind(e.kind() == Kind.INVALID_RESPONSE ? Kind.INVALID_RESPONSE : Kind.REFUSED)
                            .withOnlyAdvice("Check that " + directoryUrl
                                    + " is the directory of an ACME CA ([acme] directory).");
                case RATE_LIMITED, UNREACHABLE -> e;
            };
        }
    }

    /** Signs and sends the request, retrying as needed, and returns the successful reply. */
    HttpReply send(Jws signer, SignedRequest request, Deadline deadline) throws AcmeException {
        URI newNonceUrl = directory(deadline).newNonce();
        Optional<String> offeredNonce = Optional.empty();
        int rejectedNonces = 0;
        int retries = 0;
        while (true) {
            Optional<String> storedNonce = offeredNonce.or(nonces::take);
            String nonce = storedNonce.isPresent() ? storedNonce.get() : fetchNonce(newNonceUrl, deadline);
            Delivery delivery = deliver(request.signed(signer, nonce), request.name(), deadline);
            HttpReply reply = delivery.reply();
            if (reply.isSuccess()) {
                reply.nonce().ifPresent(nonces::put);
                return reply;
            }
            AcmeException failure = AcmeErrors.refused(reply, request.name(), clock);
            if (isBadNonce(failure)) {
                checkNotDelivered(delivery, request);
                if (++rejectedNonces == MAX_NONCE_ATTEMPTS) {
                    throw failure;
                }
                offeredNonce = reply.nonce();
            } else {
                reply.nonce().ifPresent(nonces::put);
                offeredNonce = Optional.empty();
                waitBeforeRetry(failure, reply.status(), ++retries, deadline);
            }
        }
    }

    /**
     * Fails if the request may have been carried out. Its nonce was rejected after the first attempt had broken off, so
     * that attempt may have reached the CA and used the nonce up. Its outcome is unknown.
     */
    private void checkNotDelivered(Delivery delivery, SignedRequest request) throws AcmeException {
        if (delivery.firstFailure().isPresent() && !request.isRepeatable()) {
            throw AcmeErrors.unreachable(
                    request.url(), request.name(), delivery.firstFailure().get(), timeouts.exchange());
        }
    }

    /** Sends a GET without a signature, retrying as needed, and returns the successful reply. */
    HttpReply get(URI url, String requestName, Deadline deadline) throws AcmeException {
        Request request = new Request(Method.GET, url, "", SignedRequest.JSON_MEDIA_TYPE, SignedRequest.MAX_JSON_BYTES);
        return sendUnsigned(request, requestName, deadline);
    }

    JsonFields fields(HttpReply reply, String requestName) throws AcmeException {
        return JsonFields.of(reply, requestName, urlRule);
    }

    /** Returns the URL of the resource that the request created (RFC 8555, sections 7.3 and 7.4). */
    URI location(HttpReply reply, String requestName) throws AcmeException {
        String location = reply.header("Location")
                .orElseThrow(() ->
                        AcmeErrors.invalidResponse(reply.url(), requestName, "the header \"Location\" is missing"));
        return resolve(reply, location)
                .orElseThrow(() -> AcmeErrors.invalidResponse(
                        reply.url(),
                        requestName,
                        "the header \"Location\" is \"" + PrintableText.of(location, 200) + "\""));
    }

    /**
     * Returns the URLs that a reply links to with this relation type (RFC 8288), each once. Those that cannot be a URL
     * of the CA are left out.
     */
    List<URI> links(HttpReply reply, String relation) {
        return reply.links(relation).stream()
                .flatMap(target -> resolve(reply, target).stream())
                .distinct()
                .toList();
    }

    /** Resolves a URL that may be relative; empty if it cannot be a URL of the CA. */
    private Optional<URI> resolve(HttpReply reply, String reference) {
        try {
            return Optional.of(reply.url().resolve(reference))
                    .filter(url -> urlRule.error(url).isEmpty());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    Optional<Duration> retryAfter(HttpReply reply) {
        return reply.retryAfter(clock);
    }

    Polling polling(Deadline deadline) {
        return new Polling(sleeper, deadline);
    }

    /** Aborts requests and pauses in progress. */
    @Override
    public void close() {
        transport.close();
        sleeper.close();
    }

    private String fetchNonce(URI url, Deadline deadline) throws AcmeException {
        String name = "the request for a nonce";
        Request request =
                new Request(Method.HEAD, url, "", SignedRequest.JSON_MEDIA_TYPE, SignedRequest.MAX_JSON_BYTES);
        HttpReply reply;
        try {
            reply = sendUnsigned(request, name, deadline);
        } catch (AcmeException e) {
            // The caller's own request was neither refused nor did its resource disappear.
            throw switch (e.kind()) {
                case NOT_FOUND, ACCOUNT_GONE, REFUSED, ALREADY_REPLACED ->
                    AcmeErrors.invalidResponse(url, name, e.getMessage() + "");
                case RATE_LIMITED, UNREACHABLE, INVALID_RESPONSE, WRONG_CLOCK, UNUSABLE_CERTIFICATE -> e;
            };
        }
        return reply.nonce()
                .orElseThrow(() -> AcmeErrors.invalidResponse(
                        url, name, "the header \"Replay-Nonce\" is missing or not base64url"));
    }

    private HttpReply sendUnsigned(Request request, String requestName, Deadline deadline) throws AcmeException {
        int retries = 0;
        while (true) {
            HttpReply reply = deliver(request, requestName, deadline).reply();
            if (reply.isSuccess()) {
                return reply;
            }
            waitBeforeRetry(AcmeErrors.refused(reply, requestName, clock), reply.status(), ++retries, deadline);
        }
    }

    /** Waits for as long as the CA asks if that is short; otherwise throws the failure. */
    private void waitBeforeRetry(AcmeException failure, int status, int retries, Deadline deadline)
            throws AcmeException {
        Optional<Duration> retryAfter = failure.retryAfter();
        if ((status != 503 && status != 429) || retryAfter.isEmpty() || retries > MAX_RETRIES) {
            throw failure;
        }
        Duration wait = retryAfter.get().compareTo(MIN_RETRY_WAIT) < 0 ? MIN_RETRY_WAIT : retryAfter.get();
        if (wait.compareTo(MAX_RETRY_WAIT) > 0 || !deadline.allows(wait)) {
            throw failure;
        }
        try {
            sleeper.sleep(wait);
        } catch (InterruptedException e) {
            throw AcmeErrors.interrupted("the CA", e);
        }
    }

    /**
     * Sends the request, and if the connection breaks, sends exactly the same request once more: a server may close an
     * idle connection just as it is used. A signed request cannot be carried out twice, because its nonce is valid only
     * once (RFC 8555, section 6.5).
     */
    private Delivery deliver(Request request, String requestName, Deadline deadline) throws AcmeException {
        Optional<String> urlError = urlRule.error(request.url());
        if (urlError.isPresent()) {
            throw AcmeErrors.refused(
                    "nothing was sent: " + PrintableText.of(request.url().toString(), 200)
                            + " cannot be a URL of the CA; such a URL " + urlError.get());
        }
        Optional<IOException> firstFailure = Optional.empty();
        while (true) {
            try {
                return new Delivery(exchange(request, requestName, deadline), firstFailure);
            } catch (IOException e) {
                if (firstFailure.isPresent() || !isBrokenConnection(e)) {
                    throw AcmeErrors.unreachable(request.url(), requestName, e, timeouts.exchange());
                }
                firstFailure = Optional.of(e);
            } catch (InterruptedException e) {
                throw AcmeErrors.interrupted(requestName, e);
            }
        }
    }

    /** Whether the connection broke or could not be made, so that a second attempt may succeed. */
    private static boolean isBrokenConnection(IOException e) {
        return !(e instanceof HttpTimeoutException
                || e instanceof SSLException
                || e instanceof ProtocolException
                || e instanceof Transport.ProxyException
                || e instanceof Transport.TooLongException);
    }

    private HttpReply exchange(Request request, String requestName, Deadline deadline)
            throws IOException, InterruptedException, AcmeException {
        if (!slots.tryAcquire(Math.max(0, deadline.remaining().toNanos()), TimeUnit.NANOSECONDS)) {
            throw AcmeErrors.unreachable(
                    request.url().getHost() + " is still busy with earlier requests; " + requestName
                            + " was not sent within " + AcmeErrors.format(deadline.elapsed()),
                    null);
        }
        long start = System.nanoTime();
        try {
            Duration remaining = deadline.remaining();
            Duration timeout = remaining.compareTo(timeouts.exchange()) < 0 ? remaining : timeouts.exchange();
            HttpReply reply = transport.exchange(request, timeout);
            caClock.read(reply);
            log.debug(
                    "{} {}: {} in {} ms",
                    request.method(),
                    request.url().getHost(),
                    reply.status(),
                    millisSince(start));
            return reply;
        } catch (IOException e) {
            log.debug(
                    "{} {}: {} in {} ms", request.method(), request.url().getHost(), e.toString(), millisSince(start));
            throw e;
        } finally {
            slots.release();
        }
    }

    private static long millisSince(long startNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    private static boolean isBadNonce(AcmeException failure) {
        return failure.problem().isPresent() && failure.problem().get().hasType("badNonce");
    }
}
