package org.ringcert.issue;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.Authorization;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.Challenge;
import org.ringcert.acme.Order;
import org.ringcert.acme.ProblemDocument;
import org.ringcert.challenge.Challenges;
import org.ringcert.cluster.Site;
import org.ringcert.store.StoreException;

/** The authorizations of one order: answers their challenges and waits until the CA has validated each name. */
final class Validation {

    private final CertificateAuthority authority;
    private final Challenges challenges;
    private final IssuanceListener listener;
    private final Site site;
    private final Account account;
    private final PeerRedirects peerRedirects;
    private final List<Authorization> authorizations = new ArrayList<>();

    Validation(
            CertificateAuthority authority,
            Challenges challenges,
            IssuanceListener listener,
            Site site,
            Account account,
            PeerRedirects peerRedirects) {
        this.authority = authority;
        this.challenges = challenges;
        this.listener = listener;
        this.site = site;
        this.account = account;
        this.peerRedirects = peerRedirects;
    }

    /** Fetches the authorizations of the order. */
    void fetchAuthorizations(Order order) throws AcmeException {
        for (URI url : order.authorizations()) {
            authorizations.add(authority.fetchAuthorization(account, url));
        }
    }

    /** Returns whether a name can no longer be validated, even if the order itself is still pending. */
    boolean hasFailed() {
        return authorizations.stream().anyMatch(Validation::hasFailed);
    }

    private static boolean hasFailed(Authorization authorization) {
        return switch (authorization.status()) {
            // Some CAs leave the authorization pending, and only mark the challenge invalid.
            case PENDING ->
                authorization
                        .http01()
                        .filter(challenge -> challenge.status() == Challenge.Status.INVALID)
                        .isPresent();
            case VALID -> false;
            case INVALID, DEACTIVATED, EXPIRED, REVOKED -> true;
        };
    }

    /**
     * Answers every pending challenge and waits for the results. All key authorizations are published before the CA is
     * asked to validate the first name. It is not asked again for a challenge that an earlier attempt has already
     * responded to.
     *
     * @throws IssuanceException if a name cannot be validated. The other names are tried nevertheless, and the message
     *     contains everything the CA says about those that failed.
     * @throws StoreException if a key authorization cannot be published; the CA is then not asked to validate any name
     */
    void complete() throws AcmeException, IssuanceException, StoreException {
        Map<Authorization, Challenge> pending = publishKeyAuthorizations();
        Map<Authorization, String> refused = respond(pending);
        List<String> failures = new ArrayList<>(refused.values());
        boolean orderFailed = false;
        for (Authorization authorization : authorizations) {
            if (refused.containsKey(authorization)) {
                continue;
            }
            Authorization result = pending.containsKey(authorization)
                    ? authority.awaitValidation(account, authorization.url())
                    : authorization;
            if (result.status() == Authorization.Status.VALID) {
                listener.onEvent(site, new IssuanceEvent.Validated(result.name()));
            } else {
                failures.add(describeFailure(result));
                orderFailed |= hasFailed(result);
            }
        }
        if (!failures.isEmpty()) {
            String message = String.join(" ", failures);
            throw orderFailed ? IssuanceException.orderFailed(message) : IssuanceException.orderAbandoned(message);
        }
    }

    /** Publishes the key authorization for each pending challenge. */
    private Map<Authorization, Challenge> publishKeyAuthorizations() throws IssuanceException, StoreException {
        Map<Authorization, Challenge> pending = new LinkedHashMap<>();
        for (Authorization authorization : authorizations) {
            if (authorization.status() == Authorization.Status.PENDING) {
                Challenge challenge = authorization
                        .http01()
                        .orElseThrow(() -> IssuanceException.orderFailed(
                                "The CA offers no http-01 challenge for " + authorization.name()));
                challenges.publish(CertificateAuthority.keyAuthorization(
                        account, challenge.token().orElseThrow()));
                pending.put(authorization, challenge);
            }
        }
        return pending;
    }

    /**
     * Tells the CA that the challenges can be validated.
     *
     * @return why the CA refused, for each authorization where it did
     */
    private Map<Authorization, String> respond(Map<Authorization, Challenge> pending) throws AcmeException {
        Map<Authorization, String> refused = new LinkedHashMap<>();
        for (Map.Entry<Authorization, Challenge> entry : pending.entrySet()) {
            if (!entry.getValue().isSubmitted()) {
                respond(entry.getKey(), entry.getValue()).ifPresent(reason -> refused.put(entry.getKey(), reason));
            }
        }
        return refused;
    }

    private Optional<String> respond(Authorization authorization, Challenge challenge) throws AcmeException {
        listener.onEvent(
                site,
                new IssuanceEvent.ChallengeReady(
                        authorization.name(), challenge.token().orElseThrow()));
        try {
            Challenge _ = authority.respond(account, challenge);
            return Optional.empty();
        } catch (AcmeException e) {
            if (e.kind() != AcmeException.Kind.REFUSED) {
                throw e;
            }
            return isValidationUnderWay(authorization)
                    ? Optional.empty()
                    : Optional.of("The CA could not validate " + authorization.name() + ". " + e.getMessage());
        }
    }

    /** A CA refuses a second response to the same challenge, for example after an attempt that was cut off. */
    private boolean isValidationUnderWay(Authorization authorization) throws AcmeException {
        Authorization current = authority.fetchAuthorization(account, authorization.url());
        return current.status() != Authorization.Status.PENDING
                || current.http01().filter(Challenge::isSubmitted).isPresent();
    }

    /** Retires the published key authorizations ({@link Challenges#retire}). */
    void retireKeyAuthorizations() {
        for (Authorization authorization : authorizations) {
            authorization.http01().flatMap(Challenge::token).ifPresent(challenges::retire);
        }
    }

    private String describeFailure(Authorization authorization) {
        Optional<ProblemDocument> error = authorization.error();
        String explanation =
                error.map(problem -> "The CA says: " + problem.summary()).orElse("The CA gives no reason.")
                        + peerRedirects.advice(error);
        String status = authorization.status() == Authorization.Status.PENDING
                ? "its challenge has failed"
                : authorization.status().name().toLowerCase(Locale.ROOT);
        return "The CA could not validate " + authorization.name() + " (" + status + "). " + explanation;
    }
}
