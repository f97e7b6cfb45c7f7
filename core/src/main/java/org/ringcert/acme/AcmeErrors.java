package org.ringcert.acme;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.cluster.PrintableText;

/**
 * Builds the exceptions of this package. All their messages are worded here or passed in as the reason, and a failure's
 * {@link Kind} is chosen here.
 */
final class AcmeErrors {

    private static final int CONFLICT = 409;
    private static final int NOT_IMPLEMENTED = 501;

    /** The messages of Java's exceptions often begin with the class of their cause. */
    private static final Pattern CLASS_NAME = Pattern.compile("\\b(?:[a-z]\\w*\\.)+[A-Z]\\w*: ");

    private AcmeErrors() {}

    /** The CA's reply has an error status, or a status that ACME does not use. */
    static AcmeException refused(HttpReply reply, String requestName, Clock clock) {
        String host = reply.url().getHost();
        int status = reply.status();
        if (status < 400) {
            String target = reply.header("Location")
                    .map(location -> " and redirects to " + PrintableText.of(location, 200))
                    .orElse("");
            return invalidResponse(reply.url(), requestName, "it has status " + status + target);
        }
        Optional<Duration> retryAfter = reply.retryAfter(clock);
        Optional<ProblemDocument> problem = problem(reply);
        String reason = problem.map(ProblemDocument::summary)
                        .orElse("status " + status + " without an explanation (no problem document)")
                + conflictingResource(reply);
        Kind kind = kind(status, problem);
        String message = switch (kind) {
            case ACCOUNT_GONE -> host + " no longer knows this server's account: " + reason;
            case RATE_LIMITED -> host + " refused " + requestName + " for now: " + reason;
            case NOT_FOUND -> host + " has nothing at " + reply.url() + ": " + reason;
            case UNREACHABLE ->
                hasType(problem, "badNonce")
                        ? host + " keeps rejecting its own nonces for " + requestName + ": " + reason
                        : status == NOT_IMPLEMENTED
                                ? host + " does not support " + requestName + " (status 501): " + reason
                                : host + " has a server error (status " + status + ") and refused " + requestName
                                        + problem.map(document -> ": " + document.summary())
                                                .orElse("")
                                        + waitAdvice(retryAfter);
            case REFUSED, ALREADY_REPLACED, INVALID_RESPONSE, WRONG_CLOCK, UNUSABLE_CERTIFICATE ->
                host + " refused " + requestName + ": " + reason;
        };
        AcmeException refusal = new AcmeException(kind, message, problem, retryAfter, null);
        return advice(kind, reply, problem, retryAfter, clock)
                .map(refusal::withAdvice)
                .orElse(refusal);
    }

    /** Names the resource that a request conflicts with, such as the account that a key has (RFC 8555, 7.3.5). */
    private static String conflictingResource(HttpReply reply) {
        return reply.header("Location")
                .filter(_ -> reply.status() == CONFLICT)
                .map(location -> "; it conflicts with " + PrintableText.of(location, 200))
                .orElse("");
    }

    /** Says what to do about a refusal, if that is known. */
    private static Optional<String> advice(
            Kind kind, HttpReply reply, Optional<ProblemDocument> problem, Optional<Duration> retryAfter, Clock clock) {
        if (kind == Kind.RATE_LIMITED && retryAfter.isPresent()) {
            Instant earliest = clock.instant().plus(retryAfter.get()).truncatedTo(ChronoUnit.SECONDS);
            return Optional.of("It asks to wait " + format(retryAfter.get()) + ", until " + earliest
                    + ". Ringcert tries again by itself.");
        }
        if (hasType(problem, "userActionRequired")) {
            return Optional.of(termsAdvice(reply.termsOfService(), problem.orElseThrow()));
        }
        return problem.flatMap(ProblemDocument::advice);
    }

    /** Says what to do about new terms of service (RFC 8555, section 7.3.3). */
    private static String termsAdvice(Optional<String> terms, ProblemDocument problem) {
        String read =
                terms.map(page -> "Read the CA's terms of service at " + page).orElse("");
        String act = problem.instance()
                .map(page -> "do what the CA asks for at " + page)
                .orElse("");
        if (read.isEmpty() && act.isEmpty()) {
            return ProblemType.USER_ACTION_REQUIRED.advice();
        }
        String both = act.isEmpty()
                ? read + " and agree to them on the CA's website"
                : read.isEmpty() ? "Open the CA's page and " + act : read + " and " + act;
        return both + "; Ringcert then goes on by itself.";
    }

    /**
     * No complete response was received.
     *
     * @param timeout the limit that applied to the exchange
     */
    static AcmeException unreachable(URI url, String requestName, IOException cause, Duration timeout) {
        String host = url.getHost();
        return switch (cause) {
            case Transport.TooLongException tooLong ->
                new AcmeException(
                        Kind.INVALID_RESPONSE,
                        host + "'s response to " + requestName + " is too long: " + tooLong.getMessage(),
                        Optional.empty(),
                        Optional.empty(),
                        tooLong);
            case Transport.ProxyException proxy ->
                unreachable("no response from " + host + " to " + requestName + ": " + proxy.getMessage(), proxy);
            case ProtocolException protocol ->
                new AcmeException(
                        Kind.INVALID_RESPONSE,
                        host + "'s response to " + requestName + " is not HTTP",
                        Optional.empty(),
                        Optional.empty(),
                        protocol);
            case Transport.TruncatedResponseException truncated ->
                unreachable(host + " broke off its response to " + requestName + ": " + reason(truncated), truncated);
            case HttpConnectTimeoutException connectTimeout ->
                unreachable("no connection to " + host + " in time for " + requestName, connectTimeout);
            case HttpTimeoutException responseTimeout ->
                unreachable(host + " did not answer " + requestName + " within " + format(timeout), responseTimeout);
            case SSLException tls ->
                unreachable(
                        "no secure connection to " + host + ": "
                                + outsideValidity(tls).orElseGet(() -> untrusted(tls)),
                        tls);
            case ConnectException connect ->
                unreachable("no connection to " + host + " for " + requestName + ": " + reason(connect), connect);
            default ->
                unreachable(
                        host + " closed the connection without answering " + requestName + ": " + reason(cause), cause);
        };
    }

    /** Says that the server's certificate is outside its dates, which is often this server's mistake. */
    private static Optional<String> outsideValidity(SSLException tls) {
        return causes(tls)
                .flatMap(cause -> switch (cause) {
                    case CertificateNotYetValidException _ -> Stream.of("is not valid yet");
                    case CertificateExpiredException _ -> Stream.of("has expired");
                    default -> Stream.empty();
                })
                .findFirst()
                .map(fault -> "its https certificate " + fault + " by this server's clock; see that the clock is right"
                        + " (`timedatectl` shows it) before anything else");
    }

    private static String untrusted(SSLException tls) {
        // Java says this in a chain of class names.
        boolean isUnknown = causes(tls).anyMatch(CertPathBuilderException.class::isInstance);
        String reason = isUnknown
                ? "its https certificate is not from a CA that this server trusts"
                : CLASS_NAME
                        .matcher(PrintableText.of("" + tls.getMessage(), 300))
                        .replaceAll("");
        return reason + "; for a private CA, set [acme] ca-file to its root certificate; otherwise install the system's"
                + " CA certificates (Debian: ca-certificates)";
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure.getCause(), Objects::nonNull, Throwable::getCause);
    }

    static AcmeException unreachable(String message, @Nullable Throwable cause) {
        return new AcmeException(Kind.UNREACHABLE, message, Optional.empty(), Optional.empty(), cause);
    }

    /** The thread was interrupted. Restores its interrupt status. */
    static AcmeException interrupted(String awaited, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return unreachable("interrupted while waiting for " + awaited, cause);
    }

    static AcmeException invalidResponse(URI url, String requestName, String reason) {
        return new AcmeException(
                Kind.INVALID_RESPONSE,
                url.getHost() + "'s response to " + requestName + " is not valid ACME: " + reason,
                Optional.empty(),
                Optional.empty(),
                null);
    }

    /** This machine's clock and the CA's are so far apart that nothing can be ordered by their dates. */
    static AcmeException wrongClock(URI directory, CaClock.Reading reading) {
        return new AcmeException(
                Kind.WRONG_CLOCK,
                "nothing is ordered, because the clocks are more than a day apart: " + directory.getHost()
                        + " says that it is " + reading.date().orElseThrow() + ", and this server's clock says "
                        + reading.local().truncatedTo(ChronoUnit.SECONDS)
                        + ". Check the clock with `timedatectl`, and set it if needed; if it is right, the CA's is wrong",
                Optional.empty(),
                Optional.empty(),
                null);
    }

    static AcmeException refused(String message) {
        return new AcmeException(Kind.REFUSED, message, Optional.empty(), Optional.empty(), null);
    }

    /** Formats a duration for a person, such as "90 s". */
    static String format(Duration duration) {
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
        if (hasType(problem, "accountDoesNotExist")) {
            return Kind.ACCOUNT_GONE;
        }
        if (hasType(problem, "alreadyReplaced")) {
            return Kind.ALREADY_REPLACED;
        }
        if (status == 429 || hasType(problem, "rateLimited")) {
            return Kind.RATE_LIMITED;
        }
        // A CA that recognizes none of its own nonces has a server error, whatever status it reports.
        if (status >= 500 || hasType(problem, "serverInternal") || hasType(problem, "badNonce")) {
            return Kind.UNREACHABLE;
        }
        return status == 404 ? Kind.NOT_FOUND : Kind.REFUSED;
    }

    private static boolean hasType(Optional<ProblemDocument> problem, String type) {
        return problem.isPresent() && problem.get().hasType(type);
    }

    private static Optional<ProblemDocument> problem(HttpReply reply) {
        boolean declared = reply.header("Content-Type").orElse("").startsWith("application/problem+json");
        return ProblemDocument.read(JsonFields.parse(reply.body()), reply.status())
                .filter(problem -> declared || problem.type().startsWith(ProblemDocument.NAMESPACE));
    }

    private static String waitAdvice(Optional<Duration> retryAfter) {
        return retryAfter.map(wait -> "; it asks to wait " + format(wait)).orElse("");
    }

    /** Says in a few words why the connection could not be made or broke. */
    static String reason(IOException cause) {
        if (cause instanceof ConnectException && cause.getCause() instanceof ConnectException inner) {
            return inner.getCause() instanceof UnresolvedAddressException ? "its name has no address" : reason(inner);
        }
        if (cause.getCause() instanceof UnresolvedAddressException) {
            return "its name has no address";
        }
        String message = cause.getMessage();
        if (message == null) {
            return cause instanceof ConnectException ? "connection refused" : "the connection broke";
        }
        return PrintableText.of(message, 300);
    }
}
