package org.ringcert.acme;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/**
 * An order, as the CA returned it (RFC 8555, section 7.1.3). Immutable.
 *
 * @param url the URL of this order
 * @param finalizeUrl the URL for the certificate request. A new order always has it; some CAs leave it out later.
 * @param certificate the URL of the chain, once the order is valid
 * @param error why the order is invalid, if the CA says so
 * @param replaces the certificate that the CA will mark as replaced once this order is valid (RFC 9773, section 5). A
 *     CA that has accepted {@link NewOrder#replaces} repeats it here; an older order that it returned instead lacks it.
 */
public record Order(
        URI url,
        Status status,
        List<HostName> names,
        List<URI> authorizations,
        Optional<URI> finalizeUrl,
        Optional<URI> certificate,
        Optional<ProblemDocument> error,
        Optional<CertificateId> replaces) {

    /** RFC 8555, section 7.1.6. */
    public enum Status {
        PENDING,
        READY,
        PROCESSING,
        VALID,
        INVALID;

        /** Returns the status as ACME writes it. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Order {
        names = List.copyOf(names);
        authorizations = List.copyOf(authorizations);
    }

    static Order read(URI url, JsonFields fields) throws AcmeException {
        return new Order(
                url,
                fields.constant("status", Status.values()),
                Identifier.names(fields),
                fields.urls("authorizations"),
                fields.optionalUrl("finalize"),
                fields.optionalUrl("certificate"),
                fields.any("error").flatMap(error -> ProblemDocument.read(error, 0)),
                fields.any("replaces").flatMap(id -> CertificateId.parse(id.stringValue(""))));
    }

    /** Returns this order with {@code fallback} as its finalize URL if it has none. */
    public Order withFinalizeUrl(Optional<URI> fallback) {
        return new Order(
                url, status, names, authorizations, finalizeUrl.or(() -> fallback), certificate, error, replaces);
    }

    /** Whether the status can no longer change. */
    boolean isFinal() {
        return status == Status.VALID || status == Status.INVALID;
    }
}
