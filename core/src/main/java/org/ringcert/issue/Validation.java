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
import org.ringcert.challenge.Challenges;
import org.ringcert.cluster.Site;
import org.ringcert.store.StoreException;

/** The authorizations of one order: answers the challenges, and waits for what the CA finds. */
final class Validation {

    /** What a CA without words may mean: several follow no redirect to another host. */
    private static final String NO_REDIRECTS =
            " If the name leads to another server, the CA may not have followed that server's redirect to this one:"
                    + " [front] handoff = \"relay\" does without redirects.";

    private final CertificateAuthority authority;
    private final Challenges challenges;
    private final IssuanceListener listener;
    private final Site site;
    private final Account account;
    private final PeerRedirects peerRedirects;
    private final List<Authorization> authorizations = new ArrayList<>();

    /** @param peerRedirects whether other servers hand a validation over by a redirect */
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

    /** Looks at the authorizations of the order. */
    void look(Order order) throws AcmeException {
        for (URI url : order.authorizations()) {
            authorizations.add(authority.fetchAuthorization(account, url));
        }
    }

    /** Whether a name of an order that is taken up again cannot be validated any more, whatever the order says. */
    boolean isDead() {
        return authorizations.stream().anyMatch(Validation::isDead);
    }

    private static boolean isDead(Authorization authorization) {
        return switch (authorization.status()) {
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
     * Answers every pending challenge: all are published before the CA is told of the first. What an earlier attempt
     * has told it, it is not told again.
     *
     * @throws IssueException if a name cannot be validated; all names are tried before, so that the message has all
     *     that the CA says
     * @throws StoreException if a challenge cannot be published; the CA is told of none then
     */
    void complete() throws AcmeException, IssueException, StoreException {
        Map<Authorization, Challenge> pending = publish();
        Map<Authorization, String> refusals = new LinkedHashMap<>();
        for (Map.Entry<Authorization, Challenge> entry : pending.entrySet()) {
            if (!entry.getValue().isSubmitted()) {
                respond(entry.getKey(), entry.getValue()).ifPresent(refusal -> refusals.put(entry.getKey(), refusal));
            }
        }
        List<String> failures = new ArrayList<>(refusals.values());
        boolean spoiled = false;
        for (Authorization authorization : authorizations) {
            if (refusals.containsKey(authorization)) {
                continue;
            }
            Authorization ended = pending.containsKey(authorization)
                    ? authority.awaitValidation(account, authorization.url())
                    : authorization;
            if (ended.status() == Authorization.Status.VALID) {
                listener.onEvent(site, new IssuanceEvent.Validated(ended.name()));
            } else {
                failures.add(failure(ended));
                spoiled |= isDead(ended);
            }
        }
        if (!failures.isEmpty()) {
            String words = String.join(" ", failures);
            throw spoiled ? IssueException.spoiled(words) : IssueException.dropped(words);
        }
    }

    /** Publishes the answer to each challenge that the CA waits for. */
    private Map<Authorization, Challenge> publish() throws IssueException, StoreException {
        Map<Authorization, Challenge> pending = new LinkedHashMap<>();
        for (Authorization authorization : authorizations) {
            if (authorization.status() == Authorization.Status.PENDING) {
                Challenge challenge = authorization
                        .http01()
                        .orElseThrow(() -> IssueException.spoiled(
                                "the CA offers no http-01 challenge for " + authorization.name()));
                challenges.publish(CertificateAuthority.keyAuthorization(
                        account, challenge.token().orElseThrow()));
                pending.put(authorization, challenge);
            }
        }
        return pending;
    }

    /**
     * @return how the CA refused the answer; empty where it took it, or had it already from an attempt that was cut off
     */
    private Optional<String> respond(Authorization authorization, Challenge challenge) throws AcmeException {
        listener.onEvent(
                site,
                new IssuanceEvent.Answering(
                        authorization.name(), challenge.token().orElseThrow()));
        try {
            authority.respond(account, challenge);
            return Optional.empty();
        } catch (AcmeException e) {
            if (e.kind() != AcmeException.Kind.REFUSED) {
                throw e;
            }
            Authorization now = authority.fetchAuthorization(account, authorization.url());
            boolean hasIt = now.status() != Authorization.Status.PENDING
                    || now.http01().filter(Challenge::isSubmitted).isPresent();
            return hasIt
                    ? Optional.empty()
                    : Optional.of("The CA could not validate " + authorization.name() + ". " + e.getMessage());
        }
    }

    /** Lets go of the tokens, a minute from now. */
    void retire() {
        for (Authorization authorization : authorizations) {
            authorization.http01().flatMap(Challenge::token).ifPresent(challenges::retire);
        }
    }

    private String failure(Authorization ended) {
        String says = ended.error()
                .map(error -> "The CA says: " + error.summary())
                .orElse("The CA gives no reason." + (peerRedirects == PeerRedirects.POSSIBLE ? NO_REDIRECTS : ""));
        // Where the authorization has stayed pending, it is the challenge that tells.
        String status = ended.status() == Authorization.Status.PENDING
                ? "its challenge has failed"
                : ended.status().name().toLowerCase(Locale.ROOT);
        return "The CA could not validate " + ended.name() + " (" + status + "). " + says;
    }
}
