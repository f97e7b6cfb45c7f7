package org.ringcert.issue;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ringcert.acme.Account;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.Authorization;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.Challenge;
import org.ringcert.acme.Order;
import org.ringcert.acme.Problem;
import org.ringcert.challenge.Challenges;
import org.ringcert.cluster.Site;
import org.ringcert.store.StoreException;

/** The authorizations of one order: answers the challenges, and waits for what the CA finds. */
final class Validation {

    private final CertificateAuthority authority;
    private final Challenges challenges;
    private final IssuanceListener listener;
    private final Site site;
    private final Account account;
    private final List<Authorization> authorizations = new ArrayList<>();

    Validation(
            CertificateAuthority authority,
            Challenges challenges,
            IssuanceListener listener,
            Site site,
            Account account) {
        this.authority = authority;
        this.challenges = challenges;
        this.listener = listener;
        this.site = site;
        this.account = account;
    }

    /** Looks at the authorizations of the order. */
    void look(Order order) throws AcmeException {
        for (URI url : order.authorizations()) {
            authorizations.add(authority.authorization(account, url));
        }
    }

    /**
     * Answers every pending challenge: all are published before the CA is told of the first. What an earlier attempt has told it, it is not told again.
     *
     * @throws IssueException if a name cannot be validated; all names are tried before, so that the message has all that the CA says
     * @throws StoreException if a challenge cannot be published; the CA is told of none then
     */
    void complete() throws AcmeException, IssueException, StoreException {
        Map<Authorization, Challenge> pending = new LinkedHashMap<>();
        for (Authorization authorization : authorizations) {
            if (authorization.status() == Authorization.Status.PENDING) {
                Challenge challenge = authorization
                        .http01()
                        .orElseThrow(() ->
                                new IssueException("the CA offers no http-01 challenge for " + authorization.name()));
                challenges.publish(
                        CertificateAuthority.answer(account, challenge.token().orElseThrow()));
                pending.put(authorization, challenge);
            }
        }
        for (Map.Entry<Authorization, Challenge> entry : pending.entrySet()) {
            if (!entry.getValue().processing()) {
                respond(entry.getKey(), entry.getValue());
            }
        }
        List<String> failures = new ArrayList<>();
        for (Authorization authorization : authorizations) {
            Authorization ended = pending.containsKey(authorization)
                    ? authority.awaitValidation(account, authorization.url())
                    : authorization;
            if (ended.status() == Authorization.Status.VALID) {
                listener.happened(site, new Step.Validated(ended.name()));
            } else {
                failures.add(failure(ended));
            }
        }
        if (!failures.isEmpty()) {
            throw new IssueException(String.join(" ", failures));
        }
    }

    private void respond(Authorization authorization, Challenge challenge) throws AcmeException {
        listener.happened(
                site, new Step.Answering(authorization.name(), challenge.token().orElseThrow()));
        try {
            authority.respond(account, challenge);
        } catch (AcmeException e) {
            if (e.kind() != AcmeException.Kind.REFUSED || waitsForAnswer(authorization)) {
                throw e;
            }
            // an attempt that was cut off had told the CA, which has got on since it was looked at
        }
    }

    private boolean waitsForAnswer(Authorization authorization) throws AcmeException {
        Authorization now = authority.authorization(account, authorization.url());
        return now.status() == Authorization.Status.PENDING
                && !now.http01().map(Challenge::processing).orElse(false);
    }

    /** Lets go of the tokens, a minute from now. */
    void retire() {
        for (Authorization authorization : authorizations) {
            authorization.http01().flatMap(Challenge::token).ifPresent(challenges::retire);
        }
    }

    private static String failure(Authorization ended) {
        String says = ended.error()
                .map(Problem::detail)
                .map(detail -> " The CA says: " + detail)
                .orElse("");
        return "The CA could not validate " + ended.name() + " ("
                + ended.status().name().toLowerCase(Locale.ROOT) + ")." + says;
    }
}
