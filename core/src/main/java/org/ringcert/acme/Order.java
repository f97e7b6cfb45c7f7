package org.ringcert.acme;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ringcert.cluster.HostName;

/**
 * An order as the CA showed it (RFC 8555, section 7.1.3). Immutable.
 *
 * @param url where it is asked for
 * @param finalizeUrl where the certificate request goes; the answer to a new order always has it, later ones of some
 *     CAs do not
 * @param error why it is invalid, where the CA says so
 * @param certificate where the chain is, once valid
 */
public record Order(
        URI url,
        Status status,
        List<HostName> names,
        List<URI> authorizations,
        Optional<URI> finalizeUrl,
        Optional<URI> certificate,
        Optional<ProblemDocument> error) {

    /** RFC 8555, section 7.1.6. */
    public enum Status {
        PENDING,
        READY,
        PROCESSING,
        VALID,
        INVALID;

        String word() {
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
                fields.state("status", Status.values()),
                Identifier.names(fields),
                fields.urls("authorizations"),
                fields.optionalUrl("finalize"),
                fields.optionalUrl("certificate"),
                fields.any("error").flatMap(error -> ProblemDocument.read(error, 0)));
    }

    /** The same, with that URL for the certificate request where the CA did not name one. */
    public Order withFinalizeUrl(Optional<URI> known) {
        return new Order(url, status, names, authorizations, finalizeUrl.or(() -> known), certificate, error);
    }

    boolean decided() {
        return status == Status.VALID || status == Status.INVALID;
    }
}
