package org.ringcert.acme;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.Transport.Request;
import org.ringcert.acme.Transport.Request.Method;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks with one CA: a few requests at a time, each signed with a fresh nonce, and repeated where the protocol or good
 * manners say so. Safe for threads.
 */
final class Session implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Session.class);

    /** Orders may be many; a CA counts requests. */
    private static final int IN_FLIGHT = 16;

    /** A CA that refuses 30 % of its own nonces gets through all but once in 170,000 times. */
    private static final int NONCE_TRIES = 10;

    /** A request limit of the CA's front door is waited out here; what takes longer is the caller's to plan. */
    private static final Duration SHORT_WAIT = Duration.ofSeconds(10);

    private static final Duration LEAST_WAIT = Duration.ofMillis(200);
    private static final int MOST_WAITS = 3;
    private static final Duration DIRECTORY_LASTS = Duration.ofDays(1);

    private record Fetched(Directory directory, Instant at) {}

    /**
     * An answer.
     *
     * @param before how the first try broke, where this is the answer to a second
     */
    private record Answered(HttpReply reply, Optional<IOException> before) {}

    private final URI directoryUrl;
    private final UrlRule rule;
    private final Transport transport;
    private final Timeouts patience;
    private final Clock clock;
    private final Sleeper pause;
    private final Nonces nonces;
    private final Semaphore places = new Semaphore(IN_FLIGHT, true);
    private final AtomicReference<@Nullable Fetched> fetched = new AtomicReference<>();

    /** @throws IllegalArgumentException if the URL cannot be a directory's */
    Session(URI directoryUrl, Transport transport, Timeouts patience, Clock clock, Sleeper pause) {
        this.directoryUrl = directoryUrl;
        this.rule = UrlRule.of(directoryUrl);
        this.transport = transport;
        this.patience = patience;
        this.clock = clock;
        this.pause = pause;
        this.nonces = new Nonces(clock);
    }

    /** The CA's directory, fetched at first use and once a day; callers at the same moment may each fetch it. */
    Directory directory(Deadline deadline) throws AcmeException {
        Fetched known = fetched.get();
        if (known != null && clock.instant().isBefore(known.at().plus(DIRECTORY_LASTS))) {
            return known.directory();
        }
        String what = "the request for its directory";
        try {
            HttpReply reply = plain(
                    new Request(Method.GET, directoryUrl, "", SignedRequest.JSON, SignedRequest.JSON_LIMIT),
                    what,
                    deadline);
            Directory directory = Directory.read(fields(reply, what));
            fetched.set(new Fetched(directory, clock.instant()));
            return directory;
        } catch (AcmeException e) {
            throw switch (e.kind()) {
                // Not NOT_FOUND or ACCOUNT_GONE: nothing that the CA ever gave out is gone.
                case NOT_FOUND, ACCOUNT_GONE, REFUSED, INVALID_RESPONSE, UNUSABLE_CERTIFICATE ->
                    new AcmeException(
                            e.kind() == Kind.INVALID_RESPONSE ? Kind.INVALID_RESPONSE : Kind.REFUSED,
                            e.getMessage() + "; is " + directoryUrl
                                    + " the directory of an ACME CA ([acme] directory)?",
                            e.problem(),
                            e.retryAfter(),
                            e);
                case RATE_LIMITED, UNREACHABLE -> e;
            };
        }
    }

    /** Signs and sends, until there is an answer that is a success. */
    HttpReply post(Jws signer, SignedRequest ask, Deadline deadline) throws AcmeException {
        URI newNonce = directory(deadline).newNonce();
        Optional<String> given = Optional.empty();
        int refusedNonces = 0;
        int waits = 0;
        while (true) {
            Optional<String> kept = given.or(nonces::take);
            String nonce = kept.isPresent() ? kept.get() : newNonce(newNonce, deadline);
            Answered answered = send(ask.signed(signer, nonce), ask.what(), deadline);
            HttpReply reply = answered.reply();
            if (reply.success()) {
                reply.nonce().ifPresent(nonces::keep);
                return reply;
            }
            AcmeException failure = AcmeErrors.refused(reply, ask.what(), clock);
            if (isBadNonce(failure)) {
                if (answered.before().isPresent() && !ask.repeatable()) {
                    // The nonce is used up: the try that broke may have arrived, and nobody knows what came of it.
                    throw AcmeErrors.unreachable(
                            ask.url(), ask.what(), answered.before().get(), patience.exchange());
                }
                if (++refusedNonces == NONCE_TRIES) {
                    throw failure;
                }
                given = reply.nonce();
                continue;
            }
            reply.nonce().ifPresent(nonces::keep);
            given = Optional.empty();
            waitOut(failure, reply.status(), ++waits, deadline);
        }
    }

    JsonFields fields(HttpReply reply, String what) throws AcmeException {
        return JsonFields.of(reply, what, rule);
    }

    /** Where the resource is that a request has made (RFC 8555, sections 7.3 and 7.4). */
    URI location(HttpReply reply, String what) throws AcmeException {
        String location = reply.header("Location")
                .orElseThrow(() -> AcmeErrors.invalidResponse(reply.url(), what, "the header \"Location\" is missing"));
        try {
            URI url = reply.url().resolve(location);
            if (rule.mistake(url).isEmpty()) {
                return url;
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw AcmeErrors.invalidResponse(
                reply.url(), what, "the header \"Location\" is \"" + ProblemDocument.clean(location, 200) + "\"");
    }

    Optional<Duration> retryAfter(HttpReply reply) {
        return reply.retryAfter(clock);
    }

    Polling polling(Deadline deadline) {
        return new Polling(pause, deadline);
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        transport.close();
        pause.close();
    }

    private String newNonce(URI url, Deadline deadline) throws AcmeException {
        String what = "the request for a nonce";
        HttpReply reply;
        try {
            reply = plain(
                    new Request(Method.HEAD, url, "", SignedRequest.JSON, SignedRequest.JSON_LIMIT), what, deadline);
        } catch (AcmeException e) {
            // The caller asked for something else: that is neither gone nor refused.
            throw switch (e.kind()) {
                case NOT_FOUND, ACCOUNT_GONE, REFUSED -> AcmeErrors.invalidResponse(url, what, e.getMessage() + "");
                case RATE_LIMITED, UNREACHABLE, INVALID_RESPONSE, UNUSABLE_CERTIFICATE -> e;
            };
        }
        return reply.nonce()
                .orElseThrow(() -> AcmeErrors.invalidResponse(
                        url, what, "the header \"Replay-Nonce\" is missing or no base64url text"));
    }

    private HttpReply plain(Request request, String what, Deadline deadline) throws AcmeException {
        int waits = 0;
        while (true) {
            HttpReply reply = send(request, what, deadline).reply();
            if (reply.success()) {
                return reply;
            }
            waitOut(AcmeErrors.refused(reply, what, clock), reply.status(), ++waits, deadline);
        }
    }

    private void waitOut(AcmeException failure, int status, int waits, Deadline deadline) throws AcmeException {
        Optional<Duration> asked = failure.retryAfter();
        if ((status != 503 && status != 429) || asked.isEmpty() || waits > MOST_WAITS) {
            throw failure;
        }
        Duration wait = asked.get().compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : asked.get();
        if (wait.compareTo(SHORT_WAIT) > 0 || !deadline.allows(wait)) {
            throw failure;
        }
        try {
            pause.sleep(wait);
        } catch (InterruptedException e) {
            throw AcmeErrors.interrupted("the CA", e);
        }
    }

    /**
     * Sends the request, and where the connection breaks, the very same once more: a server may close an idle
     * connection in the moment in which it is used. A signed request cannot be carried out twice, since its nonce is
     * good for one (RFC 8555, section 6.5).
     */
    private Answered send(Request request, String what, Deadline deadline) throws AcmeException {
        Optional<String> mistake = rule.mistake(request.url());
        if (mistake.isPresent()) {
            throw AcmeErrors.refused(
                    "not asked: " + ProblemDocument.clean(request.url().toString(), 200) + " is no URL of a CA, which "
                            + mistake.get());
        }
        Optional<IOException> before = Optional.empty();
        while (true) {
            try {
                return new Answered(exchange(request, what, deadline), before);
            } catch (IOException e) {
                if (before.isPresent() || !broken(e)) {
                    throw AcmeErrors.unreachable(request.url(), what, e, patience.exchange());
                }
                before = Optional.of(e);
            } catch (InterruptedException e) {
                throw AcmeErrors.interrupted(what, e);
            }
        }
    }

    /** Whether the connection broke or never was, so that a second try may find a better one. */
    private static boolean broken(IOException e) {
        return !(e instanceof HttpTimeoutException
                || e instanceof SSLException
                || e instanceof ProtocolException
                || e instanceof Transport.ProxyException
                || e instanceof Transport.TooLongException);
    }

    private HttpReply exchange(Request request, String what, Deadline deadline)
            throws IOException, InterruptedException, AcmeException {
        if (!places.tryAcquire(Math.max(0, deadline.remaining().toNanos()), TimeUnit.NANOSECONDS)) {
            throw AcmeErrors.unreachable(
                    request.url().getHost() + " is too busy with earlier requests for " + what + ": it waited "
                            + AcmeErrors.spell(deadline.elapsed()),
                    null);
        }
        long start = System.nanoTime();
        try {
            Duration left = deadline.remaining();
            HttpReply reply =
                    transport.exchange(request, left.compareTo(patience.exchange()) < 0 ? left : patience.exchange());
            log.debug("{} {}: {} in {} ms", request.method(), request.url().getHost(), reply.status(), millis(start));
            return reply;
        } catch (IOException e) {
            log.debug("{} {}: {} in {} ms", request.method(), request.url().getHost(), e.toString(), millis(start));
            throw e;
        } finally {
            places.release();
        }
    }

    private static long millis(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private static boolean isBadNonce(AcmeException failure) {
        return failure.problem().isPresent() && failure.problem().get().hasType("badNonce");
    }
}
