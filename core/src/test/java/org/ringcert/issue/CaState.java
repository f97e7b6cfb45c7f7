package org.ringcert.issue;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.Authorization;
import org.ringcert.acme.CertificateId;
import org.ringcert.acme.Challenge;
import org.ringcert.acme.NewOrder;
import org.ringcert.acme.Order;
import org.ringcert.acme.ProblemDocument;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CaFaults.FailedValidation;

/** The orders and authorizations of a {@link FakeCa}. Not safe for concurrent use. */
final class CaState {

    private final URI directory;
    private final Map<URI, StoredOrder> orders = new LinkedHashMap<>();
    private final Map<URI, Authorization> authorizations = new HashMap<>();
    private int lastNumber;

    CaState(URI directory) {
        this.directory = directory;
    }

    record StoredOrder(Order order, Optional<byte[]> request, List<X509Certificate> chain) {

        Order.Status status() {
            return order.status();
        }

        StoredOrder with(Order.Status status) {
            Order changed = new Order(
                    order.url(),
                    status,
                    order.names(),
                    order.authorizations(),
                    order.finalizeUrl(),
                    status == Order.Status.VALID ? order.finalizeUrl() : Optional.empty(),
                    Optional.empty(),
                    order.replaces());
            return new StoredOrder(changed, request, chain);
        }

        StoredOrder withRequest(byte[] received) {
            return new StoredOrder(order, Optional.of(received.clone()), chain);
        }

        StoredOrder withChain(List<X509Certificate> signed) {
            return new StoredOrder(order, request, signed);
        }
    }

    int nextNumber() {
        return ++lastNumber;
    }

    URI nextUrl(String kind) {
        return directory.resolve("/" + kind + "/" + nextNumber());
    }

    List<URI> orders() {
        return List.copyOf(orders.keySet());
    }

    boolean hasOrder(URI url) {
        return orders.containsKey(url);
    }

    StoredOrder order(URI url) {
        return Optional.ofNullable(orders.get(url)).orElseThrow();
    }

    void store(StoredOrder order) {
        orders.put(order.order().url(), order);
    }

    void removeOrder(URI url) {
        orders.remove(url);
    }

    /** Whether an order other than a failed one replaces the certificate. */
    boolean isReplaced(CertificateId certificate) {
        return orders.values().stream()
                .filter(stored -> stored.status() != Order.Status.INVALID)
                .anyMatch(stored -> stored.order().replaces().equals(Optional.of(certificate)));
    }

    List<Authorization> authorizations() {
        return List.copyOf(authorizations.values());
    }

    List<Authorization> authorizations(URI order) {
        return order(order).order().authorizations().stream()
                .map(this::authorization)
                .toList();
    }

    Authorization authorization(URI url) {
        return Optional.ofNullable(authorizations.get(url)).orElseThrow();
    }

    /** Returns the order as later requests see it. */
    Order shown(URI url, CaFaults faults) {
        Order order = order(url).order();
        return faults.showsFinalizeUrlOnce
                ? new Order(
                        order.url(),
                        order.status(),
                        order.names(),
                        order.authorizations(),
                        Optional.empty(),
                        order.certificate(),
                        order.error(),
                        order.replaces())
                : order;
    }

    /** Returns a pending or ready order for the names. */
    Optional<Order> openOrder(List<HostName> names) {
        return orders.values().stream()
                .map(StoredOrder::order)
                .filter(order -> order.status() == Order.Status.PENDING || order.status() == Order.Status.READY)
                .filter(order -> order.names().equals(names))
                .findFirst();
    }

    /** Adds a pending order with its authorizations. */
    Order addOrder(NewOrder wanted, CaFaults faults) {
        String challengeType = faults.offersNoHttp01 ? "dns-01" : "http-01";
        List<URI> added = wanted.names().stream()
                .map(name -> addAuthorization(name, challengeType))
                .toList();
        URI url = nextUrl("order");
        Order order = new Order(
                url,
                Order.Status.PENDING,
                wanted.names(),
                faults.mixesAuthorizations ? added.reversed() : added,
                Optional.of(url.resolve(url.getPath() + "/finalize")),
                Optional.empty(),
                Optional.empty(),
                faults.ignoresReplaces ? Optional.empty() : wanted.replaces());
        store(new StoredOrder(order, Optional.empty(), List.of()));
        return order;
    }

    /** Adds a pending authorization with one challenge. */
    private URI addAuthorization(HostName name, String challengeType) {
        URI url = nextUrl("authorization");
        Token token = new Token("token-of-" + nextNumber() + "-".repeat(16));
        Challenge challenge = new Challenge(
                challengeType,
                nextUrl("challenge"),
                Optional.of(token),
                Challenge.Status.PENDING,
                Optional.empty(),
                List.of());
        authorizations.put(url, new Authorization(url, name, Authorization.Status.PENDING, List.of(challenge)));
        return url;
    }

    static Challenge processing(Challenge challenge) {
        return new Challenge(
                challenge.type(),
                challenge.url(),
                challenge.token(),
                Challenge.Status.PROCESSING,
                Optional.empty(),
                List.of());
    }

    /** Validates a name, with the given result. */
    void respond(Authorization authorization, Challenge challenge, Authorization.Status result, CaFaults faults)
            throws AcmeException {
        if (challenge.status() == Challenge.Status.PROCESSING
                || challenge.status() == Challenge.Status.INVALID
                || authorization.status() != Authorization.Status.PENDING) {
            throw CaFaults.failure(AcmeException.Kind.REFUSED, "the challenge is not pending");
        }
        decide(authorization, result, faults.failedValidation);
        if (faults.failedValidation == FailedValidation.RESPONSE_REFUSED && result == Authorization.Status.INVALID) {
            throw CaFaults.failure(AcmeException.Kind.REFUSED, "refused: nobody answered for " + authorization.name());
        }
    }

    /** Applies the result of a validation to the challenge, its authorization and the orders. */
    void decide(Authorization authorization, Authorization.Status result, FailedValidation failedValidation) {
        if (result == Authorization.Status.INVALID && failedValidation == FailedValidation.AUTHORIZATION_INVALID) {
            setStatus(authorization, result);
            return;
        }
        if (result != Authorization.Status.INVALID || failedValidation == FailedValidation.ALL_INVALID) {
            setStatus(authorization, result);
        } else {
            setChallengeStatus(
                    authorization,
                    failedValidation.challengeStatus,
                    Optional.of(CaFaults.nobodyAnswered(authorization)));
        }
        List.copyOf(orders.values()).forEach(this::settle);
    }

    /** Gives a pending order the status that follows from its authorizations. */
    private void settle(StoredOrder stored) {
        if (stored.status() != Order.Status.PENDING) {
            return;
        }
        List<Authorization.Status> all = authorizations(stored.order().url()).stream()
                .map(Authorization::status)
                .toList();
        if (all.stream().allMatch(Authorization.Status.VALID::equals)) {
            store(stored.with(Order.Status.READY));
        } else if (all.contains(Authorization.Status.INVALID)) {
            store(stored.with(Order.Status.INVALID));
        }
    }

    /** Sets the status of an authorization, and of its challenge to match. */
    void setStatus(Authorization authorization, Authorization.Status status) {
        Optional<ProblemDocument> error = status == Authorization.Status.INVALID
                ? Optional.of(CaFaults.nobodyAnswered(authorization))
                : Optional.empty();
        Challenge.Status challengeStatus = switch (status) {
            case PENDING -> Challenge.Status.PENDING;
            case VALID -> Challenge.Status.VALID;
            case INVALID, DEACTIVATED, EXPIRED, REVOKED -> Challenge.Status.INVALID;
        };
        store(authorization, status, challengeStatus, error);
    }

    void setChallengeStatus(Authorization authorization, Challenge.Status status, Optional<ProblemDocument> error) {
        store(authorization, authorization.status(), status, error);
    }

    private void store(
            Authorization authorization,
            Authorization.Status status,
            Challenge.Status challengeStatus,
            Optional<ProblemDocument> error) {
        List<Challenge> challenges = authorization.challenges().stream()
                .map(challenge -> new Challenge(
                        challenge.type(), challenge.url(), challenge.token(), challengeStatus, error, List.of()))
                .toList();
        authorizations.put(
                authorization.url(), new Authorization(authorization.url(), authorization.name(), status, challenges));
    }
}
