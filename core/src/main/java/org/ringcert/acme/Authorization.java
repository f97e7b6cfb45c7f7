package org.ringcert.acme;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;

/**
 * An authorization, as the CA returned it (RFC 8555, section 7.1.4). Immutable.
 *
 * @param challenges the challenges that the CA offers, apart from malformed ones. They may be of unknown types, and may
 *     have no token.
 */
public record Authorization(URI url, HostName name, Status status, List<Challenge> challenges) {

    /** RFC 8555, section 7.1.6. */
    public enum Status {
        PENDING,
        VALID,
        INVALID,
        DEACTIVATED,
        EXPIRED,
        REVOKED
    }

    public Authorization {
        challenges = List.copyOf(challenges);
    }

    static Authorization read(URI url, JsonFields fields) throws AcmeException {
        JsonFields identifier =
                fields.object("identifier").orElseThrow(() -> fields.invalidResponse("\"identifier\" is missing"));
        List<Challenge> challenges = new ArrayList<>();
        for (JsonFields challenge : fields.objects("challenges")) {
            Challenge.read(challenge).ifPresent(challenges::add);
        }
        return new Authorization(
                url, Identifier.name(identifier), fields.constant("status", Status.values()), challenges);
    }

    /** Returns the {@code http-01} challenge with a token, if the CA offers one. */
    public Optional<Challenge> http01() {
        return challenges.stream()
                .filter(challenge ->
                        challenge.type().equals("http-01") && challenge.token().isPresent())
                .findFirst();
    }

    /**
     * Whether the CA has yet to decide. A pending authorization whose {@code http-01} challenge has failed is decided:
     * step-ca and others leave it pending.
     */
    public boolean isUndecided() {
        return status == Status.PENDING && http01().filter(Challenge::hasFailed).isEmpty();
    }

    /** Returns why a validation failed, if the CA says so; the error of the {@code http-01} challenge comes first. */
    public Optional<ProblemDocument> error() {
        return Stream.concat(http01().stream(), challenges.stream())
                .flatMap(challenge -> challenge.error().stream())
                .findFirst();
    }
}
