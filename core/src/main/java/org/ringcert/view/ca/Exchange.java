package org.ringcert.view.ca;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.ringcert.http.HttpGet;
import org.ringcert.http.NotHttpException;
import org.ringcert.http.ResponseLimits;
import org.ringcert.http.TimeLimit;
import org.ringcert.http.UnverifiedTls;

/** Sends one request of a walk over a connection of its own, as a CA does. Thread-safe. */
final class Exchange {

    /** Boulder's limits for a connection and for a TLS handshake. */
    private static final Duration PHASE_LIMIT = Duration.ofSeconds(10);

    /** More than any web server sends, and little enough for many walks at the same time. */
    private static final int MAX_HEAD_BYTES = 32 * 1024;

    /** Go refuses RSA keys that are longer. */
    private static final int MAX_RSA_BITS = 8192;

    private final ValidationRules rules;
    private final Reach reach;

    Exchange(ValidationRules rules, Reach reach) {
        this.rules = rules;
        this.reach = reach;
    }

    /** How an exchange ended. */
    sealed interface Outcome {

        /** With a complete response. */
        record Responded(HttpGet.Response response) implements Outcome {}

        /** No connection was made. */
        record NotConnected(Problem problem) implements Outcome {}

        /** The connection was made, but brought no response that a CA understands. */
        record Failed(Problem problem) implements Outcome {}

        /** The look ended before the server had had enough time. */
        record CutShort() implements Outcome {}

        /**
         * Nothing was sent, because this look does not reach that far.
         *
         * @param reason a sentence without a full stop
         */
        record OutOfReach(String reason) implements Outcome {}

        /** Nothing was sent, because this machine has no route to the address. */
        record NoRoute() implements Outcome {}

        /** This thread was interrupted, and still is. */
        record Interrupted() implements Outcome {}
    }

    /**
     * A request on its way.
     *
     * @param fair until when it may not be called unanswered, unless a CA gives up
     */
    private record Attempt(Problems.At at, Deadline fair, Deadline deadline) {

        Outcome connectTimeout() {
            return timeout(Problems.connectTimeout(at), Outcome.NotConnected::new);
        }

        Outcome responseTimeout() {
            return timeout(Problems.responseTimeout(at), Outcome.Failed::new);
        }

        private Outcome timeout(Problem silence, Function<Problem, Outcome> failure) {
            if (fair.hasPassed()) {
                return failure.apply(silence);
            }
            return deadline.isLimitOfCas()
                    ? failure.apply(Problems.tooLateForCas(at.socket() + " answers", silence.caSays()))
                    : new Outcome.CutShort();
        }
    }

    /**
     * Sends the request.
     *
     * @param referer the URL of the previous request, if a CA names it
     */
    Outcome send(Target target, InetAddress address, Optional<String> referer, Deadline deadline) {
        Optional<String> refusal = reach.refusal(address, target.effectivePort());
        if (refusal.isPresent()) {
            return new Outcome.OutOfReach(refusal.get());
        }
        Attempt attempt = new Attempt(new Problems.At(target, address), Deadline.after(Deadline.FAIR_TIME), deadline);
        if (deadline.hasPassed()) {
            return attempt.connectTimeout();
        }
        Socket socket = new Socket();
        // A read timeout alone would not stop a server that sends a byte now and then during the handshake.
        try (socket;
                TimeLimit limit = TimeLimit.closeAfter(deadline.remaining(), socket)) {
            Optional<Outcome> failure = connect(socket, attempt);
            if (failure.isPresent()) {
                return failure.get();
            }
            try {
                return new Outcome.Responded(
                        target.isTls() ? overTls(socket, attempt, referer) : request(socket, attempt, referer));
            } catch (IOException e) {
                return failed(e, limit.hasExpired(), attempt);
            }
        } catch (IOException e) {
            return failed(e, deadline.hasPassed(), attempt);
        }
    }

    private static Optional<Outcome> connect(Socket socket, Attempt attempt) {
        InetSocketAddress to = attempt.at().socketAddress();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(to, millis(attempt.deadline()));
            socket.setSoTimeout(millis(attempt.deadline()));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(notConnected(e, to, attempt));
        }
    }

    private static Outcome notConnected(IOException e, InetSocketAddress to, Attempt attempt) {
        Problems.At at = attempt.at();
        if (Thread.currentThread().isInterrupted()) {
            return new Outcome.Interrupted();
        }
        if (e instanceof SocketTimeoutException || attempt.deadline().hasPassed()) {
            return attempt.connectTimeout();
        }
        if (e instanceof ConnectException && String.valueOf(e.getMessage()).contains("refused")) {
            return new Outcome.NotConnected(Problems.connectionRefused(at));
        }
        return hasRoute(to) ? new Outcome.NotConnected(Problems.unreachable(at)) : new Outcome.NoRoute();
    }

    /**
     * Returns whether this machine has a route to the address. Sends nothing: UDP connects by a lookup of the route.
     */
    static boolean hasRoute(InetSocketAddress to) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(to);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpGet.Response overTls(Socket plain, Attempt attempt, Optional<String> referer) throws IOException {
        Target.Host host = attempt.at().target().host();
        Optional<String> serverName = host.literal().isPresent() ? Optional.empty() : Optional.of(host.text());
        AtomicReference<@Nullable List<X509Certificate>> certificates = new AtomicReference<>();
        try (SSLSocket socket = UnverifiedTls.handshake(plain, serverName, CaTls::restrict, certificates::set)) {
            List<X509Certificate> chain = certificates.get();
            if (chain != null
                    && chain.getFirst().getPublicKey() instanceof RSAPublicKey key
                    && key.getModulus().bitLength() > MAX_RSA_BITS) {
                throw new SSLException("the certificate has an RSA key of more than " + MAX_RSA_BITS + " bits");
            }
            return request(socket, attempt, referer);
        }
    }

    private HttpGet.Response request(Socket socket, Attempt attempt, Optional<String> referer) throws IOException {
        Target target = attempt.at().target();
        // In the order and the spelling of Go's client, for servers that know requests of CAs by their looks.
        String request = "GET " + target.requestTarget() + " HTTP/1.1\r\nHost: "
                + target.authority() + "\r\nUser-Agent: "
                + rules.userAgent().header() + "\r\nAccept: */*\r\n"
                + referer.map(url -> "Referer: " + url + "\r\n").orElse("")
                + "Accept-Encoding: gzip\r\nConnection: close\r\n\r\n";
        Duration remaining = attempt.deadline().remaining();
        if (!remaining.isPositive()) {
            throw new SocketTimeoutException("no time remains for the request");
        }
        return HttpGet.exchange(socket, request, remaining, new ResponseLimits(MAX_HEAD_BYTES, BodyRules::maxRawBytes));
    }

    private static Outcome failed(IOException e, boolean hasExpired, Attempt attempt) {
        Problems.At at = attempt.at();
        if (Thread.currentThread().isInterrupted()) {
            return new Outcome.Interrupted();
        }
        if (hasExpired
                || e instanceof SocketTimeoutException
                || attempt.deadline().hasPassed()) {
            return attempt.responseTimeout();
        }
        return new Outcome.Failed(
                switch (e) {
                    case NotHttpException notHttp -> Problems.notHttp(notHttp, at);
                    case ProtocolException malformed ->
                        Problems.malformedResponse(String.valueOf(malformed.getMessage()), at);
                    case SSLException tls -> Problems.tls(tls, at);
                    case EOFException end -> Problems.malformedResponse(String.valueOf(end.getMessage()), at);
                    default -> Problems.connectionBroken(at);
                });
    }

    private static int millis(Deadline deadline) {
        long remaining = Math.min(deadline.remaining().toMillis(), PHASE_LIMIT.toMillis());
        return (int) Math.max(1, remaining);
    }
}
