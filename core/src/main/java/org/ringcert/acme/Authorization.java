package org.ringcert.acme;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;

/**
 * An authorization as the CA showed it (RFC 8555, section 7.1.4). Immutable.
 *
 * @param challenges those that the CA offers and that could be read; unknown types are among them, what has no token
 *     too
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
        return new Authorization(url, Identifier.name(identifier), fields.state("status", Status.values()), challenges);
    }

    /** The {@code http-01} challenge with a token, where the CA offers one. */
    public Optional<Challenge> http01() {
        return challenges.stream()
                .filter(challenge ->
                        challenge.type().equals("http-01") && challenge.token().isPresent())
                .findFirst();
    }

    /**
     * Whether the CA is still to find out. It is not where its {@code http-01} challenge has failed: step-ca and others
     * leave the authorization pending then.
     */
    public boolean isUndecided() {
        return status == Status.PENDING && http01().filter(Challenge::hasFailed).isEmpty();
    }

    /** Why a validation failed, where the CA says so: of its {@code http-01} challenge first. */
    public Optional<ProblemDocument> error() {
        return Stream.concat(http01().stream(), challenges.stream())
                .flatMap(challenge -> challenge.error().stream())
                .findFirst();
    }
}
