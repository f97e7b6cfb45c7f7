package org.ringcert.acme;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.cluster.PrintableText;

/** Asks for a certificate's renewal information (RFC 9773, sections 4.1 and 4.2), and reads the response. */
final class RenewalInfoRequest {

    private static final String NAME = "the request for renewal information";

    /** The syntax of RFC 3339, section 5.6. Java's own reads more, such as years of nine digits. */
    private static final Pattern TIME = Pattern.compile(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})");

    private RenewalInfoRequest() {}

    static Optional<RenewalInfo> send(Session session, CertificateId certificate, Deadline deadline)
            throws AcmeException {
        Optional<URI> resource = session.directory(deadline).renewalInfo();
        if (resource.isEmpty()) {
            return Optional.empty();
        }
        HttpReply reply;
        try {
            reply = session.get(urlOf(resource.get(), certificate), NAME, deadline);
        } catch (AcmeException e) {
            throw refused(e);
        }
        return Optional.of(read(session, reply));
    }

    private static URI urlOf(URI resource, CertificateId certificate) {
        String base = resource.toString();
        // Some CAs end the resource's URL with the slash that RFC 9773 puts in between.
        return URI.create((base.endsWith("/") ? base : base + "/") + certificate.value());
    }

    /** A request without an account says nothing about an account or an order. */
    private static AcmeException refused(AcmeException e) {
        return switch (e.kind()) {
            case ACCOUNT_GONE, ALREADY_REPLACED -> e.withKind(Kind.REFUSED);
            case NOT_FOUND, REFUSED, RATE_LIMITED, UNREACHABLE, INVALID_RESPONSE, WRONG_CLOCK, UNUSABLE_CERTIFICATE ->
                e;
        };
    }

    private static RenewalInfo read(Session session, HttpReply reply) throws AcmeException {
        JsonFields fields = session.fields(reply, NAME);
        JsonFields window = fields.object("suggestedWindow")
                .orElseThrow(() -> fields.invalidResponse("\"suggestedWindow\" is missing"));
        Instant start = time(window, "start");
        Instant end = time(window, "end");
        if (!end.isAfter(start)) {
            throw fields.invalidResponse("the suggested window ends at " + end + ", not after its start, " + start);
        }
        // The page only informs, so a value that cannot be shown is ignored.
        Optional<String> explanation =
                fields.any("explanationURL").flatMap(url -> RemoteText.pageUrl(url.stringValue("")));
        return new RenewalInfo(start, end, explanation, session.retryAfter(reply));
    }

    private static Instant time(JsonFields window, String name) throws AcmeException {
        String text = window.text(name);
        if (TIME.matcher(text).matches()) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException _) {
                // A day or an hour that does not exist: reported below.
            }
        }
        throw window.invalidResponse(
                "\"" + name + "\" is \"" + PrintableText.of(text, 100) + "\", not a time such as 2026-11-27T19:00:00Z");
    }
}
