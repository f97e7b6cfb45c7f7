package org.ringcert.issue;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ringcert.acme.Account;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.acme.Authorization;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.Challenge;
import org.ringcert.acme.Order;
import org.ringcert.acme.ProblemDocument;
import org.ringcert.acme.ValidationRecord;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;
import org.ringcert.store.StoreException;

/** The authorizations of one order: answers their challenges and waits until the CA has validated each name. */
final class Validation {

    private final CertificateAuthority authority;
    private final ChallengeSolver solver;
    private final IssuanceListener listener;
    private final CertificateName name;
    private final Account account;
    private final PeerRedirects peerRedirects;
    private final List<Authorization> authorizations = new ArrayList<>();
    private final Set<HostName> failedNames = new HashSet<>();

    Validation(IssuerContext context, CertificateName name, Account account) {
        this.authority = context.authority();
        this.solver = context.solver();
        this.listener = context.listener();
        this.name = name;
        this.account = account;
        this.peerRedirects = context.peerRedirects();
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
     * Answers every pending challenge and waits for the results. All key authorizations are presented before the CA is
     * asked to validate the first name. It is not asked again for a challenge that an earlier attempt has already
     * responded to.
     *
     * @throws IssuanceException if a name cannot be validated. The other names are tried nevertheless, and the message
     *     contains everything the CA says about those that failed.
     * @throws StoreException if a key authorization cannot be published; the CA is then not asked to validate any name
     */
    void complete() throws AcmeException, IssuanceException, StoreException {
        Map<Authorization, Challenge> pending = presentKeyAuthorizations();
        Failures failures = new Failures();
        List<Authorization> undecided = respond(pending, failures);
        for (Authorization authorization : authorizations) {
            if (!pending.containsKey(authorization)) {
                conclude(authorization, failures);
            }
        }
        for (Authorization authorization : undecided) {
            conclude(authority.awaitValidation(account, authorization.url()), failures);
        }
        failures.throwIfAny();
    }

    /** Returns the names that {@link #complete} could not validate. */
    Set<HostName> failedNames() {
        return Set.copyOf(failedNames);
    }

    /** Presents the key authorization for each pending challenge. */
    private Map<Authorization, Challenge> presentKeyAuthorizations() throws IssuanceException, StoreException {
        Map<Authorization, Challenge> pending = new LinkedHashMap<>();
        for (Authorization authorization : authorizations) {
            if (authorization.status() == Authorization.Status.PENDING) {
                Challenge challenge = authorization
                        .http01()
                        .orElseThrow(() -> IssuanceException.orderFailed(
                                "The CA offers no http-01 challenge for " + authorization.name(), Fault.CA));
                solver.present(CertificateAuthority.keyAuthorization(
                        account, challenge.token().orElseThrow()));
                pending.put(authorization, challenge);
            }
        }
        return pending;
    }

    /**
     * Tells the CA that the challenges can be validated.
     *
     * @return the authorizations that the CA has not decided on yet
     */
    private List<Authorization> respond(Map<Authorization, Challenge> pending, Failures failures) throws AcmeException {
        List<Authorization> undecided = new ArrayList<>();
        for (Map.Entry<Authorization, Challenge> entry : pending.entrySet()) {
            Authorization authorization = entry.getKey();
            Challenge challenge = entry.getValue();
            if (challenge.isSubmitted() || !isValidAtOnce(authorization, challenge, failures)) {
                undecided.add(authorization);
            }
        }
        undecided.removeIf(failures::hasRefused);
        return undecided;
    }

    /** Responds to the challenge, and returns whether the CA has validated it before it replied, as some do. */
    private boolean isValidAtOnce(Authorization authorization, Challenge challenge, Failures failures)
            throws AcmeException {
        listener.onEvent(
                name,
                new IssuanceEvent.ChallengeReady(
                        authorization.name(), challenge.token().orElseThrow()));
        try {
            Challenge decided = authority.respond(account, challenge);
            boolean isValid = decided.status() == Challenge.Status.VALID;
            if (isValid) {
                listener.onEvent(name, new IssuanceEvent.Validated(authorization.name(), decided.validationRecords()));
            }
            return isValid;
        } catch (AcmeException e) {
            if (e.kind() != AcmeException.Kind.REFUSED) {
                throw e;
            }
            if (!isValidationUnderWay(authorization)) {
                String reason = "The CA could not validate " + authorization.name() + ". " + e.getMessage();
                failures.addRefusal(authorization, reason, e.fault());
                reportFailure(authorization.name(), List.of(), reason);
            }
            return false;
        }
    }

    private void conclude(Authorization decided, Failures failures) {
        if (decided.status() == Authorization.Status.VALID) {
            listener.onEvent(name, new IssuanceEvent.Validated(decided.name(), records(decided)));
        } else {
            String reason = describeFailure(decided);
            failures.add(decided, reason);
            reportFailure(decided.name(), records(decided), reason);
        }
    }

    private void reportFailure(HostName failed, List<ValidationRecord> records, String reason) {
        failedNames.add(failed);
        listener.onEvent(name, new IssuanceEvent.ValidationFailed(failed, records, reason));
    }

    private static List<ValidationRecord> records(Authorization authorization) {
        return authorization.http01().map(Challenge::validationRecords).orElse(List.of());
    }

    /** The names that could not be validated. */
    private static final class Failures {

        private final List<String> messages = new ArrayList<>();
        private final Set<Authorization> refused = new HashSet<>();
        private boolean orderFailed;
        private Fault fault = Fault.CA;

        /** Adds an authorization whose challenge the CA refuses to validate. The order itself may go on. */
        void addRefusal(Authorization authorization, String message, Fault whose) {
            refused.add(authorization);
            add(message, whose);
        }

        void add(Authorization authorization, String message) {
            orderFailed |= hasFailed(authorization);
            add(message, authorization.error().map(ProblemDocument::fault).orElse(Fault.SITE));
        }

        private void add(String message, Fault whose) {
            messages.add(message);
            if (whose == Fault.SITE) {
                fault = Fault.SITE;
            }
        }

        boolean hasRefused(Authorization authorization) {
            return refused.contains(authorization);
        }

        void throwIfAny() throws IssuanceException {
            if (!messages.isEmpty()) {
                String message = String.join(" ", messages);
                throw orderFailed
                        ? IssuanceException.orderFailed(message, fault)
                        : IssuanceException.orderAbandoned(message, fault);
            }
        }
    }

    /** A CA refuses a second response to the same challenge, for example after an attempt that was cut off. */
    private boolean isValidationUnderWay(Authorization authorization) throws AcmeException {
        Authorization current = authority.fetchAuthorization(account, authorization.url());
        return current.status() != Authorization.Status.PENDING
                || current.http01().filter(Challenge::isSubmitted).isPresent();
    }

    /** Retires the key authorizations ({@link ChallengeSolver#retire}). */
    void retireKeyAuthorizations() {
        for (Authorization authorization : authorizations) {
            authorization.http01().flatMap(Challenge::token).ifPresent(solver::retire);
        }
    }

    private String describeFailure(Authorization authorization) {
        Optional<ProblemDocument> error = authorization.error();
        String explanation = error.map(problem -> "The CA says: " + problem.summaryWithAdvice())
                        .orElse("The CA gives no reason.")
                + peerRedirects.advice(error);
        String status = authorization.status() == Authorization.Status.PENDING
                ? "its challenge has failed"
                : authorization.status().name().toLowerCase(Locale.ROOT);
        return "The CA could not validate " + authorization.name() + " (" + status + "). " + explanation;
    }
}
