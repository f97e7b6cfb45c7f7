package org.ringcert.acme;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.ringcert.acme.AcmeException.Kind;

/** What can go wrong with a CA, in words: the one place where a {@link Kind} is chosen. */
final class AcmeErrors {

    private AcmeErrors() {}

    /** The CA answered, and the answer is no success. */
    static AcmeException refused(HttpReply reply, String what, Clock clock) {
        String host = reply.url().getHost();
        int status = reply.status();
        Optional<Duration> retryAfter = reply.retryAfter(clock);
        if (status < 400) {
            String to = reply.header("Location")
                    .map(location -> " and leads to " + ProblemDocument.clean(location, 200))
                    .orElse("");
            return invalidResponse(reply.url(), what, "its status is " + status + to);
        }
        Optional<ProblemDocument> problem = problem(reply);
        String words = problem.map(ProblemDocument::summary)
                .orElse("status " + status + ", and it does not say why (no problem document)");
        Kind kind = kind(status, problem);
        String message = switch (kind) {
            case ACCOUNT_GONE -> host + " does not know this server's account any more: " + words;
            case RATE_LIMITED -> host + " refused " + what + " for now: " + words + again(retryAfter);
            case NOT_FOUND -> host + " has nothing at " + reply.url() + ": " + words;
            case UNREACHABLE ->
                is(problem, "badNonce")
                        ? host + " refuses the nonces that it gives out itself, again and again, for " + what + ": "
                                + words
                        : host + " is out of order (status " + status + ") and refused " + what
                                + problem.map(said -> ": " + said.summary()).orElse("") + again(retryAfter);
            case REFUSED, INVALID_RESPONSE, UNUSABLE_CERTIFICATE ->
                host + " refused " + what + ": " + words + terms(reply, problem);
        };
        return new AcmeException(kind, message, problem, retryAfter, null);
    }

    /** No whole answer came. */
    static AcmeException unreachable(URI url, String what, IOException cause, Duration within) {
        String host = url.getHost();
        return switch (cause) {
            case Transport.TooLongException tooLong ->
                new AcmeException(
                        Kind.INVALID_RESPONSE,
                        host + " gave an answer to " + what + " that is too long: " + tooLong.getMessage(),
                        Optional.empty(),
                        Optional.empty(),
                        tooLong);
            case Transport.ProxyException proxy ->
                unreachable("no answer from " + host + " to " + what + ": " + proxy.getMessage(), proxy);
            case ProtocolException protocol ->
                new AcmeException(
                        Kind.INVALID_RESPONSE,
                        host + " gave an answer to " + what + " that is not HTTP",
                        Optional.empty(),
                        Optional.empty(),
                        protocol);
            case Transport.BrokenOffException cut ->
                unreachable(host + " broke off its answer to " + what + ": " + reason(cut), cut);
            case HttpConnectTimeoutException timeout ->
                unreachable("no connection to " + host + " in time, for " + what, timeout);
            case HttpTimeoutException timeout ->
                unreachable(host + " did not answer " + what + " within " + spell(within), timeout);
            case SSLException tls ->
                unreachable(
                        "no safe connection to " + host + ": " + ProblemDocument.clean("" + tls.getMessage(), 300)
                                + "; if it is a private CA, name its root certificate in [acme] ca-file, else see that the system's CA certificates are there (Debian: ca-certificates)",
                        tls);
            case ConnectException none ->
                unreachable("no connection to " + host + " for " + what + ": " + reason(none), none);
            default ->
                unreachable(host + " closed the connection without an answer to " + what + ": " + reason(cause), cause);
        };
    }

    static AcmeException unreachable(String message, @Nullable Throwable cause) {
        return new AcmeException(Kind.UNREACHABLE, message, Optional.empty(), Optional.empty(), cause);
    }

    /** Leaves the interrupt for who comes next. */
    static AcmeException interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return unreachable("interrupted while waiting for " + what, cause);
    }

    static AcmeException invalidResponse(URI url, String what, String why) {
        return new AcmeException(
                Kind.INVALID_RESPONSE,
                url.getHost() + " gave an answer to " + what + " that is not ACME: " + why,
                Optional.empty(),
                Optional.empty(),
                null);
    }

    static AcmeException refused(String message) {
        return new AcmeException(Kind.REFUSED, message, Optional.empty(), Optional.empty(), null);
    }

    /** A duration for a person. */
    static String spell(Duration duration) {
        if (duration.compareTo(Duration.ofHours(2)) >= 0) {
            return duration.toHours() + " h";
        }
        if (duration.compareTo(Duration.ofMinutes(2)) > 0) {
            return duration.toMinutes() + " min";
        }
        return duration.compareTo(Duration.ofSeconds(1)) < 0
                ? duration.toMillis() + " ms"
                : duration.toSeconds() + " s";
    }

    private static Kind kind(int status, Optional<ProblemDocument> problem) {
        if (is(problem, "accountDoesNotExist")) {
            return Kind.ACCOUNT_GONE;
        }
        if (status == 429 || is(problem, "rateLimited")) {
            return Kind.RATE_LIMITED;
        }
        // A CA that knows none of the nonces it gave is as much out of order as one that says so.
        if (status >= 500 || is(problem, "serverInternal") || is(problem, "badNonce")) {
            return Kind.UNREACHABLE;
        }
        return status == 404 ? Kind.NOT_FOUND : Kind.REFUSED;
    }

    private static boolean is(Optional<ProblemDocument> problem, String type) {
        return problem.isPresent() && problem.get().hasType(type);
    }

    private static Optional<ProblemDocument> problem(HttpReply reply) {
        boolean declared = reply.header("Content-Type").orElse("").startsWith("application/problem+json");
        return ProblemDocument.read(JsonFields.parse(reply.body()), reply.status())
                .filter(problem -> declared || problem.type().startsWith(ProblemDocument.NAMESPACE));
    }

    /** What a person has to agree to first (RFC 8555, section 7.3.3). */
    private static String terms(HttpReply reply, Optional<ProblemDocument> problem) {
        return is(problem, "userActionRequired")
                ? reply.termsOfService()
                        .map(page -> "; its terms of service: " + page)
                        .orElse("")
                : "";
    }

    private static String again(Optional<Duration> retryAfter) {
        return retryAfter
                .map(wait -> "; it may be asked again in " + spell(wait))
                .orElse("");
    }

    /** Why a connection could not be made, in a few words. */
    static String reason(IOException cause) {
        if (cause instanceof ConnectException && cause.getCause() instanceof ConnectException inner) {
            return inner.getCause() instanceof UnresolvedAddressException ? "its name has no address" : reason(inner);
        }
        if (cause.getCause() instanceof UnresolvedAddressException) {
            return "its name has no address";
        }
        String message = cause.getMessage();
        if (message == null) {
            return cause instanceof ConnectException ? "refused" : "it broke";
        }
        return ProblemDocument.clean(message, 300);
    }
}
