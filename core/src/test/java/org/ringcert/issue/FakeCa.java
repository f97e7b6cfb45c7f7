package org.ringcert.issue;

import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.ringcert.acme.Account;
import org.ringcert.acme.AccountDetails;
import org.ringcert.acme.AccountLookup;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.Authorization;
import org.ringcert.acme.CaInformation;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.CertificateId;
import org.ringcert.acme.Challenge;
import org.ringcert.acme.IssuedChain;
import org.ringcert.acme.NewAccount;
import org.ringcert.acme.NewOrder;
import org.ringcert.acme.Order;
import org.ringcert.acme.Registration;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.acme.RevocationReason;
import org.ringcert.acme.RevocationResult;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CaState.StoredOrder;
import org.ringcert.issue.RevocationOutcome.Signer;
import org.ringcert.pki.TestIssuer;

/**
 * A CA without a network. By default it works well and at once. Tests hook into its calls, make it misbehave
 * ({@link #faults}), or change what it stores.
 */
public final class FakeCa implements CertificateAuthority {

    public static final URI DIRECTORY = URI.create("https://ca.example.net/dir");

    /** Called at the start of each call, on the caller's thread. */
    public interface CallHook {
        void before(String call) throws AcmeException;
    }

    /** All calls so far: the method's name, and some of them with an argument. */
    public final List<String> calls = new CopyOnWriteArrayList<>();

    public final CaFaults faults = new CaFaults();
    public final FakeRevocations revocations = new FakeRevocations();

    public volatile CallHook beforeCall = _ -> {};

    /** Called at the end of calls that change an account, after the change. */
    public volatile CallHook afterCall = _ -> {};

    /** The result of validating a name. */
    public volatile Function<HostName, Authorization.Status> validationResult = _ -> Authorization.Status.VALID;

    /** Whether the reply to a response already contains the result of the validation, as with step-ca. */
    public volatile boolean validatesBeforeReplying;

    /** Renewal information for a certificate; empty if the CA offers none, so that clients cannot ask for it. */
    public volatile Optional<RenewalInfoSource> renewalInfo = Optional.empty();

    /** Changes the chain that is handed out. */
    public volatile UnaryOperator<List<X509Certificate>> chain = UnaryOperator.identity();

    /** The alternate chains that are offered with every certificate, by their URLs. */
    public final Map<URI, AlternateChain> alternates = new LinkedHashMap<>();

    /** The start of a certificate's validity, relative to the CA's own clock. That clock may differ from the node's. */
    public volatile Duration notBeforeOffset = Duration.ZERO;

    public volatile Duration lifetime = Duration.ofDays(90);

    public final Clock clock;
    public final TestIssuer issuer;

    private final FakeAccounts accounts;
    private final URI directory;
    private List<X509Certificate> lastChain = List.of();
    private final CaState state;

    public FakeCa(Clock clock) {
        this(clock, DIRECTORY);
    }

    public FakeCa(Clock clock, URI directory) {
        this.directory = directory;
        this.state = new CaState(directory);
        this.accounts = new FakeAccounts(state, faults);
        this.clock = clock;
        this.issuer = new TestIssuer(clock.instant());
    }

    /** Returns the method of an entry in {@link #calls}. */
    public static String method(String call) {
        int blank = call.indexOf(' ');
        return blank < 0 ? call : call.substring(0, blank);
    }

    /** Returns how often the method was called. */
    public long count(String method) {
        return calls.stream().filter(call -> method(call).equals(method)).count();
    }

    public synchronized List<URI> orders() {
        return state.orders();
    }

    public synchronized URI lastOrder() {
        return state.orders().getLast();
    }

    /** Returns the certificate that the latest order replaces, if any. */
    public synchronized Optional<CertificateId> lastReplaced() {
        return state.order(lastOrder()).order().replaces();
    }

    public synchronized Optional<byte[]> request(URI order) {
        return state.order(order).request();
    }

    public void forgetAccounts() {
        accounts.clear();
    }

    public synchronized void forget(URI order) {
        state.removeOrder(order);
    }

    /**
     * Sets the status of an order, and of its authorizations to match. An order that becomes valid gets its certificate
     * if there is a certificate request.
     */
    public synchronized void setStatus(URI order, Order.Status status) {
        Authorization.Status names = switch (status) {
            case PENDING -> Authorization.Status.PENDING;
            case INVALID -> Authorization.Status.INVALID;
            case READY, PROCESSING, VALID -> Authorization.Status.VALID;
        };
        state.authorizations(order).forEach(each -> state.setStatus(each, names));
        StoredOrder changed = state.order(order).with(status);
        state.store(changed);
        if (status == Order.Status.VALID && changed.request().isPresent()) {
            issue(order);
        }
    }

    /** Starts validating an order. The result is decided when a client waits for it, and responses are refused. */
    public synchronized void startValidation(URI order) {
        for (Authorization authorization : state.authorizations(order)) {
            state.setChallengeStatus(authorization, Challenge.Status.PROCESSING, Optional.empty());
        }
    }

    /** Fails all validations of an order, and reports that as {@link CaFaults#failedValidation} says. */
    public synchronized void failValidation(URI order) {
        for (Authorization authorization : state.authorizations(order)) {
            state.decide(authorization, Authorization.Status.INVALID, faults.failedValidation);
        }
    }

    @Override
    public URI directory() {
        return directory;
    }

    @Override
    public List<String> profiles() {
        return List.of();
    }

    @Override
    public Registration register(KeyPair key, NewAccount request) throws AcmeException {
        begin("register");
        synchronized (this) {
            return accounts.register(key, request);
        }
    }

    @Override
    public AccountLookup lookUpAccount(KeyPair key) throws AcmeException {
        begin("lookUp");
        return accounts.lookUp(key);
    }

    @Override
    public AccountDetails accountDetails(Account account) throws AcmeException {
        begin("details");
        return accounts.details(account);
    }

    @Override
    public AccountDetails updateContact(Account account, Optional<String> contact) throws AcmeException {
        begin("contact");
        return accounts.updateContact(account, contact);
    }

    @Override
    public void changeKey(Account account, KeyPair next) throws AcmeException {
        begin("changeKey");
        accounts.changeKey(account, next);
        afterCall.before("changeKey");
    }

    @Override
    public void deactivate(Account account) throws AcmeException {
        begin("deactivate");
        accounts.deactivate(account);
        afterCall.before("deactivate");
    }

    @Override
    public boolean hasRenewalInfo() {
        return !faults.hasNoRenewalInfo;
    }

    @Override
    public CaInformation information() throws AcmeException {
        begin("information");
        return new CaInformation(List.of(HostName.of("ca.example.net")), Optional.empty(), Optional.empty());
    }

    @Override
    public Order newOrder(Account account, NewOrder wanted) throws AcmeException {
        begin("newOrder " + wanted.names().getFirst());
        synchronized (this) {
            accounts.check(account);
            if (wanted.replaces().filter(state::isReplaced).isPresent()) {
                throw CaFaults.failure(AcmeException.Kind.ALREADY_REPLACED, "another order replaces the certificate");
            }
            Optional<Order> open = faults.reusesOrders ? state.openOrder(wanted.names()) : Optional.empty();
            return open.isPresent() ? open.get() : state.addOrder(wanted, faults);
        }
    }

    @Override
    public Order fetchOrder(Account account, URI order) throws AcmeException {
        begin("order");
        synchronized (this) {
            accounts.check(account);
            if (!state.hasOrder(order)) {
                throw CaFaults.failure(AcmeException.Kind.NOT_FOUND, "there is no order " + order);
            }
            return state.shown(order, faults);
        }
    }

    @Override
    public Authorization fetchAuthorization(Account account, URI authorization) throws AcmeException {
        begin("authorization");
        synchronized (this) {
            accounts.check(account);
            return state.authorization(authorization);
        }
    }

    @Override
    public Challenge respond(Account account, Challenge challenge) throws AcmeException {
        begin("respond " + challenge.token().orElseThrow());
        synchronized (this) {
            accounts.check(account);
            for (Authorization authorization : state.authorizations()) {
                Challenge known = authorization.challenges().getFirst();
                if (known.url().equals(challenge.url())) {
                    state.respond(authorization, known, validationResult.apply(authorization.name()), faults);
                    return validatesBeforeReplying
                            ? state.authorization(authorization.url())
                                    .challenges()
                                    .getFirst()
                            : CaState.processing(known);
                }
            }
            return challenge;
        }
    }

    @Override
    public Authorization awaitValidation(Account account, URI authorization) throws AcmeException {
        begin("awaitValidation");
        synchronized (this) {
            Authorization known = state.authorization(authorization);
            if (known.status() == Authorization.Status.PENDING
                    && known.challenges().getFirst().isSubmitted()) {
                state.decide(known, validationResult.apply(known.name()), faults.failedValidation);
            }
            Authorization decided = state.authorization(authorization);
            if (decided.isUndecided()) {
                throw CaFaults.failure(
                        AcmeException.Kind.UNREACHABLE, "the authorization is pending after a long time");
            }
            return decided;
        }
    }

    @Override
    public Order finalizeOrder(Account account, Order order, byte[] request) throws AcmeException {
        begin("finalize");
        synchronized (this) {
            accounts.check(account);
            StoredOrder stored = state.order(order.url());
            if (!order.finalizeUrl().equals(stored.order().finalizeUrl())) {
                throw CaFaults.failure(AcmeException.Kind.INVALID_RESPONSE, "\"finalize\" is missing");
            }
            if (stored.status() == Order.Status.PENDING) {
                throw CaFaults.refusal(403, "orderNotReady", "not all names have been validated");
            }
            state.store(stored.with(Order.Status.PROCESSING).withRequest(request));
            return processed(order.url());
        }
    }

    @Override
    public Order awaitStatusChange(Account account, URI order, Order.Status current) throws AcmeException {
        begin("await " + current);
        synchronized (this) {
            accounts.check(account);
            return state.order(order).status() == current ? processed(order) : state.shown(order, faults);
        }
    }

    @Override
    public IssuedChain downloadCertificate(Account account, Order order) throws AcmeException {
        begin("certificate");
        synchronized (this) {
            accounts.check(account);
            List<X509Certificate> issued = state.order(order.url()).chain();
            lastChain = issued;
            return new IssuedChain(chain.apply(issued), List.copyOf(alternates.keySet()));
        }
    }

    @Override
    public List<X509Certificate> downloadAlternate(Account account, URI alternate) throws AcmeException {
        begin("alternate");
        synchronized (this) {
            accounts.check(account);
            return Optional.ofNullable(alternates.get(alternate)).orElseThrow().of(lastChain);
        }
    }

    @Override
    public Optional<RenewalInfo> renewalInfo(CertificateId certificate) throws AcmeException {
        if (renewalInfo.isEmpty()) {
            return Optional.empty();
        }
        begin("renewalInfo " + certificate);
        return Optional.of(renewalInfo.get().of(certificate));
    }

    @Override
    public RevocationResult revoke(Account account, X509Certificate certificate, RevocationReason reason)
            throws AcmeException {
        begin("revoke");
        accounts.check(account);
        return revocations.revoke(Signer.ACCOUNT, certificate, reason);
    }

    @Override
    public RevocationResult revoke(KeyPair certificateKey, X509Certificate certificate, RevocationReason reason)
            throws AcmeException {
        begin("revoke");
        return revocations.revoke(Signer.CERTIFICATE_KEY, certificate, reason);
    }

    @Override
    public void close() {
        // There is nothing to close.
    }

    private Order processed(URI order) throws AcmeException {
        if (faults.finalizationHangs) {
            throw CaFaults.failure(AcmeException.Kind.UNREACHABLE, "the order is processing after a long time");
        }
        issue(order);
        return state.shown(order, faults);
    }

    private void issue(URI order) {
        StoredOrder stored = state.order(order);
        byte[] request = stored.request().orElseThrow();
        Instant notBefore = clock.instant().plus(notBeforeOffset);
        List<X509Certificate> signed = issuer.chain(
                TestIssuer.publicKey(request), stored.order().names(), notBefore, notBefore.plus(lifetime));
        state.store(stored.with(Order.Status.VALID).withChain(signed));
    }

    private void begin(String call) throws AcmeException {
        calls.add(call);
        beforeCall.before(call);
    }
}
