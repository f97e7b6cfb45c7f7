package org.ringcert.issue;

import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.ringcert.acme.Account;
import org.ringcert.acme.AccountStatus;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.Authorization;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.Challenge;
import org.ringcert.acme.NewOrder;
import org.ringcert.acme.Order;
import org.ringcert.acme.ProblemDocument;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.TestIssuer;

/**
 * A CA without a wire. Left alone it is a good and quick one; tests set a trap in its calls, or make it lose or change
 * what it has. Its validations are what {@link #verdict} says.
 */
public final class FakeCa implements CertificateAuthority {

    public static final URI DIRECTORY = URI.create("https://ca.example.net/dir");

    /** Is told of each call before anything happens, on the thread of the caller; may throw. */
    public interface Trap {
        void before(String call) throws AcmeException;
    }

    /** How CAs show that a validation has failed. */
    public enum Failing {
        /** Challenge, authorization and order are invalid (Boulder, Pebble). */
        ALL_INVALID,
        /**
         * The challenge is invalid, authorization and order stay pending for as long as they live (step-ca, Caddy, for
         * wrong content).
         */
        CHALLENGE_INVALID,
        /** The challenge is pending again, with an error (step-ca, Caddy, where nobody answered). */
        CHALLENGE_PENDING,
        /** The answer to the challenge is refused, which then stays in processing, with an error (serles). */
        ANSWER_REFUSED
    }

    /** All calls: the method's name, and what it was asked for. */
    public final List<String> calls = new CopyOnWriteArrayList<>();

    public volatile Trap trap = _ -> {};
    public volatile Function<HostName, Authorization.Status> verdict = _ -> Authorization.Status.VALID;
    /** How a validation that fails is shown. */
    public volatile Failing failing = Failing.ALL_INVALID;

    /** Whether only the answer to a new order says where its certificate request goes, as with django-ca. */
    public volatile boolean namesFinalizeOnce;

    /** What it says to a key whose account is gone: its own kind, or whatever a test puts here. */
    public volatile Supplier<AcmeException> accountGone =
            () -> failure(AcmeException.Kind.ACCOUNT_GONE, "there is no such account");

    /** Accounts that are closed, though known. */
    public volatile boolean deactivated;

    public volatile UnaryOperator<List<X509Certificate>> chain = UnaryOperator.identity();

    /** What its certificates begin with, and how long they live: by its own clock, which need not be the node's. */
    public volatile Duration beginsFromNow = Duration.ZERO;

    public volatile Duration lifetime = Duration.ofDays(90);

    /** Whether certificate requests stay in processing; the call then ends as when patience is over. */
    public volatile boolean stuck;

    /** Whether authorizations have a challenge that can be answered. */
    public volatile boolean offersHttp01 = true;

    public final Clock clock;
    public final TestIssuer issuer;

    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<URI, KeyPair> accounts = new HashMap<>();
    private final Map<URI, Kept> orders = new LinkedHashMap<>();
    private final Map<URI, Authorization> authorizations = new HashMap<>();

    private record Kept(Order order, Optional<byte[]> request, List<X509Certificate> chain) {}

    public FakeCa(Clock clock) {
        this.clock = clock;
        this.issuer = new TestIssuer(clock.instant());
    }

    /** An exception as the client throws it. */
    public static AcmeException failure(AcmeException.Kind kind, String message) {
        return failure(kind, message, Optional.empty());
    }

    public static AcmeException failure(AcmeException.Kind kind, String message, Optional<Duration> retryAfter) {
        return new AcmeException(kind, message, Optional.empty(), retryAfter, null);
    }

    /** A refusal with a problem document, as the client throws it. */
    public static AcmeException refusal(int status, String type, String detail) {
        return new AcmeException(
                status >= 500 ? AcmeException.Kind.UNREACHABLE : AcmeException.Kind.REFUSED,
                "refused: " + detail,
                Optional.of(new ProblemDocument(
                        ProblemDocument.NAMESPACE + type, detail, status, List.of(), Optional.empty())),
                Optional.empty(),
                null);
    }

    /** A trap that lets each call of that method fail. */
    public static Trap failOn(String method, AcmeException.Kind kind) {
        return call -> {
            if (method(call).equals(method)) {
                throw failure(kind, "the test says " + kind);
            }
        };
    }

    /** The method of a call. */
    public static String method(String call) {
        int blank = call.indexOf(' ');
        return blank < 0 ? call : call.substring(0, blank);
    }

    /** How often that method was called. */
    public long count(String method) {
        return calls.stream().filter(call -> method(call).equals(method)).count();
    }

    public synchronized List<URI> orders() {
        return List.copyOf(orders.keySet());
    }

    public synchronized URI lastOrder() {
        return List.copyOf(orders.keySet()).getLast();
    }

    public synchronized Optional<byte[]> request(URI order) {
        return kept(order).request();
    }

    public synchronized void forgetAccounts() {
        accounts.clear();
    }

    public synchronized void forget(URI order) {
        orders.remove(order);
    }

    /**
     * Puts the order, and with it its authorizations, into that state; a valid one gets its certificate where there is
     * a request.
     */
    public synchronized void put(URI url, Order.Status status) {
        Kept kept = kept(url);
        Authorization.Status names = status == Order.Status.PENDING
                ? Authorization.Status.PENDING
                : status == Order.Status.INVALID ? Authorization.Status.INVALID : Authorization.Status.VALID;
        kept.order().authorizations().forEach(each -> put(each, names));
        orders.put(url, new Kept(with(kept.order(), status), kept.request(), kept.chain()));
        if (status == Order.Status.VALID && kept.request().isPresent()) {
            issue(url);
        }
    }

    /**
     * From now on it is at work on the challenges of that order, and decides when it is waited for; an answer is
     * refused.
     */
    public synchronized void process(URI order) {
        for (URI url : kept(order).order().authorizations()) {
            Authorization before = known(url);
            authorizations.put(url, with(before, Challenge.Status.PROCESSING, Optional.empty()));
        }
    }

    /** All validations of that order have failed while nobody looked, as {@link #failing} says. */
    public synchronized void fail(URI order) {
        for (URI url : kept(order).order().authorizations()) {
            decide(known(url), Authorization.Status.INVALID);
        }
    }

    @Override
    public URI directory() {
        return DIRECTORY;
    }

    @Override
    public List<String> profiles() {
        return List.of();
    }

    @Override
    public Account register(KeyPair key, Optional<String> contact) throws AcmeException {
        call("register");
        synchronized (this) {
            for (Map.Entry<URI, KeyPair> known : accounts.entrySet()) {
                if (known.getValue().getPublic().equals(key.getPublic())) {
                    return new Account(known.getKey(), key);
                }
            }
            URI url = next("account");
            accounts.put(url, key);
            return new Account(url, key);
        }
    }

    @Override
    public AccountStatus accountStatus(KeyPair key) throws AcmeException {
        call("status");
        synchronized (this) {
            if (accounts.values().stream().noneMatch(known -> known.getPublic().equals(key.getPublic()))) {
                return AccountStatus.UNKNOWN;
            }
            return deactivated ? AccountStatus.DEACTIVATED : AccountStatus.VALID;
        }
    }

    @Override
    public Order newOrder(Account account, NewOrder wanted) throws AcmeException {
        call("newOrder " + wanted.names().getFirst());
        synchronized (this) {
            check(account);
            List<URI> urls = new ArrayList<>();
            for (HostName name : wanted.names()) {
                URI url = next("authorization");
                Token token = new Token("token-of-" + numbers.incrementAndGet() + "-".repeat(16));
                Challenge challenge = new Challenge(
                        offersHttp01 ? "http-01" : "dns-01",
                        next("challenge"),
                        Optional.of(token),
                        Challenge.Status.PENDING,
                        Optional.empty());
                authorizations.put(url, new Authorization(url, name, Authorization.Status.PENDING, List.of(challenge)));
                urls.add(url);
            }
            URI url = next("order");
            Order order = new Order(
                    url,
                    Order.Status.PENDING,
                    wanted.names(),
                    urls,
                    Optional.of(url.resolve(url.getPath() + "/finalize")),
                    Optional.empty(),
                    Optional.empty());
            orders.put(url, new Kept(order, Optional.empty(), List.of()));
            return order;
        }
    }

    @Override
    public Order fetchOrder(Account account, URI order) throws AcmeException {
        call("order");
        synchronized (this) {
            check(account);
            if (!orders.containsKey(order)) {
                throw failure(AcmeException.Kind.NOT_FOUND, "there is no order " + order);
            }
            return shown(order);
        }
    }

    @Override
    public Authorization fetchAuthorization(Account account, URI authorization) throws AcmeException {
        call("authorization");
        synchronized (this) {
            check(account);
            return known(authorization);
        }
    }

    @Override
    public void respond(Account account, Challenge challenge) throws AcmeException {
        call("respond " + challenge.token().orElseThrow());
        synchronized (this) {
            check(account);
            for (Authorization authorization : List.copyOf(authorizations.values())) {
                Challenge known = authorization.challenges().getFirst();
                if (known.url().equals(challenge.url())) {
                    if (known.status() == Challenge.Status.PROCESSING
                            || known.status() == Challenge.Status.INVALID
                            || authorization.status() != Authorization.Status.PENDING) {
                        throw failure(AcmeException.Kind.REFUSED, "the challenge is not pending");
                    }
                    decide(authorization);
                    if (failing == Failing.ANSWER_REFUSED
                            && verdict.apply(authorization.name()) == Authorization.Status.INVALID) {
                        throw failure(
                                AcmeException.Kind.REFUSED, "refused: nobody answered for " + authorization.name());
                    }
                }
            }
        }
    }

    private void decide(Authorization authorization) {
        decide(authorization, verdict.apply(authorization.name()));
    }

    private void decide(Authorization authorization, Authorization.Status found) {
        Optional<ProblemDocument> error = Optional.of(nobodyAnswered(authorization));
        if (found != Authorization.Status.INVALID || failing == Failing.ALL_INVALID) {
            put(authorization.url(), found);
        } else {
            Challenge.Status shown = switch (failing) {
                case ALL_INVALID, CHALLENGE_INVALID -> Challenge.Status.INVALID;
                case CHALLENGE_PENDING -> Challenge.Status.PENDING;
                case ANSWER_REFUSED -> Challenge.Status.PROCESSING;
            };
            authorizations.put(authorization.url(), with(authorization, shown, error));
        }
        for (Kept kept : List.copyOf(orders.values())) {
            if (kept.order().status() == Order.Status.PENDING) {
                settle(kept);
            }
        }
    }

    @Override
    public Authorization awaitValidation(Account account, URI authorization) throws AcmeException {
        call("awaitValidation");
        synchronized (this) {
            Authorization before = known(authorization);
            if (before.status() == Authorization.Status.PENDING
                    && before.challenges().getFirst().isSubmitted()) {
                decide(before);
            }
            if (known(authorization).isUndecided()) {
                throw failure(AcmeException.Kind.UNREACHABLE, "the authorization is pending after a long time");
            }
            return known(authorization);
        }
    }

    @Override
    public Order finalizeOrder(Account account, Order order, byte[] request) throws AcmeException {
        call("finalize");
        synchronized (this) {
            check(account);
            Kept kept = kept(order.url());
            if (!order.finalizeUrl().equals(kept.order().finalizeUrl())) {
                throw failure(AcmeException.Kind.INVALID_RESPONSE, "\"finalize\" is missing");
            }
            orders.put(
                    order.url(),
                    new Kept(with(kept.order(), Order.Status.PROCESSING), Optional.of(request.clone()), kept.chain()));
        }
        return processed(order.url());
    }

    @Override
    public Order awaitStatusChange(Account account, URI order, Order.Status current) throws AcmeException {
        call("await " + current);
        synchronized (this) {
            check(account);
            if (kept(order).order().status() != current) {
                return shown(order);
            }
        }
        return processed(order);
    }

    @Override
    public List<X509Certificate> downloadCertificate(Account account, Order order) throws AcmeException {
        call("certificate");
        synchronized (this) {
            check(account);
            return chain.apply(kept(order.url()).chain());
        }
    }

    @Override
    public void close() {
        // nothing is open
    }

    private Order processed(URI order) throws AcmeException {
        synchronized (this) {
            if (stuck) {
                throw failure(AcmeException.Kind.UNREACHABLE, "the order is processing after a long time");
            }
            issue(order);
            return shown(order);
        }
    }

    private void issue(URI url) {
        Kept kept = kept(url);
        byte[] request = kept.request().orElseThrow();
        Instant notBefore = clock.instant().plus(beginsFromNow);
        List<X509Certificate> signed =
                issuer.chain(TestIssuer.publicKey(request), kept.order().names(), notBefore, notBefore.plus(lifetime));
        orders.put(url, new Kept(with(kept.order(), Order.Status.VALID), kept.request(), signed));
    }

    private void settle(Kept kept) {
        List<Authorization.Status> all = kept.order().authorizations().stream()
                .map(url -> known(url).status())
                .toList();
        if (all.stream().allMatch(Authorization.Status.VALID::equals)) {
            orders.put(
                    kept.order().url(), new Kept(with(kept.order(), Order.Status.READY), kept.request(), kept.chain()));
        } else if (all.contains(Authorization.Status.INVALID)) {
            orders.put(
                    kept.order().url(),
                    new Kept(with(kept.order(), Order.Status.INVALID), kept.request(), kept.chain()));
        }
    }

    private void put(URI authorization, Authorization.Status status) {
        Authorization before = known(authorization);
        Optional<ProblemDocument> error =
                status == Authorization.Status.INVALID ? Optional.of(nobodyAnswered(before)) : Optional.empty();
        Challenge.Status shown = switch (status) {
            case PENDING -> Challenge.Status.PENDING;
            case VALID -> Challenge.Status.VALID;
            case INVALID, DEACTIVATED, EXPIRED, REVOKED -> Challenge.Status.INVALID;
        };
        authorizations.put(
                authorization,
                new Authorization(
                        authorization,
                        before.name(),
                        status,
                        with(before, shown, error).challenges()));
    }

    private static ProblemDocument nobodyAnswered(Authorization authorization) {
        return new ProblemDocument(
                ProblemDocument.NAMESPACE + "connection",
                "nobody answered for " + authorization.name(),
                0,
                List.of(),
                Optional.empty());
    }

    private static Authorization with(Authorization before, Challenge.Status status, Optional<ProblemDocument> error) {
        List<Challenge> challenges = before.challenges().stream()
                .map(challenge -> new Challenge(challenge.type(), challenge.url(), challenge.token(), status, error))
                .toList();
        return new Authorization(before.url(), before.name(), before.status(), challenges);
    }

    /** As it is shown to who asks for it later. */
    private Order shown(URI url) {
        Order order = kept(url).order();
        return namesFinalizeOnce
                ? new Order(
                        order.url(),
                        order.status(),
                        order.names(),
                        order.authorizations(),
                        Optional.empty(),
                        order.certificate(),
                        order.error())
                : order;
    }

    private static Order with(Order order, Order.Status status) {
        return new Order(
                order.url(),
                status,
                order.names(),
                order.authorizations(),
                order.finalizeUrl(),
                status == Order.Status.VALID ? order.finalizeUrl() : Optional.empty(),
                Optional.empty());
    }

    private void call(String call) throws AcmeException {
        calls.add(call);
        trap.before(call);
    }

    private void check(Account account) throws AcmeException {
        if (deactivated) {
            throw refusal(403, "unauthorized", "the account is not valid");
        }
        if (!accounts.containsKey(account.url())) {
            throw accountGone.get();
        }
    }

    private Authorization known(URI url) {
        return Optional.ofNullable(authorizations.get(url)).orElseThrow();
    }

    private Kept kept(URI order) {
        return Optional.ofNullable(orders.get(order)).orElseThrow();
    }

    private URI next(String kind) {
        return DIRECTORY.resolve("/" + kind + "/" + numbers.incrementAndGet());
    }
}
