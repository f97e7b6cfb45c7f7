package org.ringcert.acme;

import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.ringcert.acme.Polling.Snapshot;
import org.ringcert.cluster.HostName;
import org.ringcert.json.JsonFormat;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An ACME client (RFC 8555, RFC 9773) that talks to one CA over HTTP. Creating it sends nothing.
 *
 * <p>One HTTP exchange takes at most 30 seconds, a call 90 seconds, a validation 90 and an issuance 120, a request for
 * renewal information 10. At most 16 requests are in flight at a time, however many callers there are; waiting for the
 * CA's decision does not count. Responses are read up to 256 KiB, certificate chains up to 1 MiB. Redirects are not
 * followed. A proxy is used if the environment names one ({@code HTTPS_PROXY}, {@code NO_PROXY}).
 */
public final class AcmeClient implements CertificateAuthority {

    private static final String FETCH_ORDER = "the request for the order";
    private static final String FETCH_AUTHORIZATION = "the request for the authorization";

    private final URI directoryUrl;
    private final Session session;
    private final AccountRequests accountRequests;
    private final RevocationRequests revocationRequests;
    private final AccountChanges accountChanges;
    private final Timeouts timeouts;

    /**
     * Creates a client for the CA with this directory.
     *
     * @param directory an https URL. Plain http is accepted for a loopback address only; the CA's own URLs may then use
     *     it as well.
     * @param trustedRoots the certificates that the CA's https is verified against, instead of those the system trusts
     * @param version Ringcert's version, for the User-Agent header
     * @throws IllegalArgumentException if the URL is not acceptable, or if the list is present but empty; the message
     *     says what would be right
     */
    public static AcmeClient create(
            URI directory, Optional<List<X509Certificate>> trustedRoots, String version, Clock clock) {
        UrlRule.forDirectory(directory);
        String userAgent = "ringcert/" + version + " Java/" + Runtime.version().feature();
        return new AcmeClient(
                directory,
                new HttpTransport(trustedRoots, userAgent, System.getenv()),
                Timeouts.DEFAULT,
                clock,
                Sleeper.real());
    }

    /**
     * Returns the reason why {@link #create} would reject the URL, worded to follow the name of the setting, such as
     * "begins with https://"; empty if the URL is acceptable.
     */
    public static Optional<String> directoryUrlError(URI directory) {
        return UrlRule.directoryUrlError(directory);
    }

    AcmeClient(URI directoryUrl, Transport transport, Timeouts timeouts, Clock clock, Sleeper sleeper) {
        this.directoryUrl = directoryUrl;
        this.session = new Session(directoryUrl, transport, timeouts, clock, sleeper);
        this.accountRequests = new AccountRequests(session, directoryUrl.getHost());
        this.revocationRequests = new RevocationRequests(session, directoryUrl.getHost());
        this.accountChanges = new AccountChanges(session, accountRequests, directoryUrl.getHost());
        this.timeouts = timeouts;
    }

    @Override
    public URI directory() {
        return directoryUrl;
    }

    @Override
    public List<String> profiles() throws AcmeException {
        return session.directory(callDeadline()).profiles();
    }

    @Override
    public Registration register(KeyPair key, NewAccount request) throws AcmeException {
        return accountRequests.register(key, request, callDeadline());
    }

    @Override
    public AccountLookup lookUpAccount(KeyPair key) throws AcmeException {
        return accountRequests.lookUp(key, callDeadline());
    }

    @Override
    public AccountDetails accountDetails(Account account) throws AcmeException {
        return accountChanges.details(account, callDeadline());
    }

    @Override
    public AccountDetails updateContact(Account account, Optional<String> contact) throws AcmeException {
        return accountChanges.updateContact(account, contact, callDeadline());
    }

    @Override
    public void changeKey(Account account, KeyPair next) throws AcmeException {
        accountChanges.changeKey(account, next, callDeadline());
    }

    @Override
    public void deactivate(Account account) throws AcmeException {
        accountChanges.deactivate(account, callDeadline());
    }

    @Override
    public boolean hasRenewalInfo() throws AcmeException {
        return session.directory(callDeadline()).renewalInfo().isPresent();
    }

    @Override
    public CaInformation information() throws AcmeException {
        return session.directory(callDeadline()).information();
    }

    @Override
    public Optional<CaInformation> knownInformation() {
        return session.knownDirectory().map(Directory::information);
    }

    @Override
    public void checkClock() throws AcmeException {
        session.checkClock(callDeadline());
    }

    @Override
    public Order newOrder(Account account, NewOrder order) throws AcmeException {
        String name = "the new order";
        Deadline deadline = callDeadline();
        Directory directory = session.directory(deadline);
        checkProfile(directory, order.profile());
        SignedRequest request = SignedRequest.post(directory.newOrder(), payload(directory, order), name);
        HttpReply reply = session.send(Jws.withAccount(account), request, deadline);
        Order created = Order.read(session.location(reply, name), session.fields(reply, name));
        if (created.finalizeUrl().isEmpty()) {
            throw AcmeErrors.invalidResponse(reply.url(), name, "\"finalize\" is missing");
        }
        return created;
    }

    private static ObjectNode payload(Directory directory, NewOrder order) {
        ObjectNode payload = JsonFormat.newObject();
        ArrayNode identifiers = payload.putArray("identifiers");
        for (HostName host : order.names()) {
            identifiers.addObject().put("type", "dns").put("value", host.value());
        }
        order.profile().ifPresent(profile -> payload.put("profile", profile));
        if (directory.renewalInfo().isPresent()) {
            order.replaces().ifPresent(certificate -> payload.put("replaces", certificate.value()));
        }
        return payload;
    }

    private void checkProfile(Directory directory, Optional<String> profile) throws AcmeException {
        if (profile.isEmpty() || directory.profiles().contains(profile.get())) {
            return;
        }
        String offered = directory.profiles().isEmpty()
                ? "it offers none; remove the setting"
                : "it offers " + String.join(", ", directory.profiles());
        throw AcmeErrors.refused(
                caHost() + " has no profile \"" + profile.get() + "\" (`profile` in [acme] or [[site]]): " + offered);
    }

    @Override
    public Order fetchOrder(Account account, URI order) throws AcmeException {
        return pollOrder(account, order, callDeadline()).value();
    }

    @Override
    public Authorization fetchAuthorization(Account account, URI authorization) throws AcmeException {
        return pollAuthorization(account, authorization, callDeadline()).value();
    }

    @Override
    public Challenge respond(Account account, Challenge challenge) throws AcmeException {
        String name = "the request to validate the challenge";
        SignedRequest request = SignedRequest.post(challenge.url(), JsonFormat.newObject(), name);
        HttpReply reply = session.send(Jws.withAccount(account), request, callDeadline());
        try {
            return challenge.updated(session.fields(reply, name));
        } catch (AcmeException _) {
            // The request has succeeded, and the authorization will show the result.
            return challenge;
        }
    }

    @Override
    public Authorization awaitValidation(Account account, URI authorization) throws AcmeException {
        Deadline deadline = Deadline.after(timeouts.validation());
        Polling polling = session.polling(deadline);
        // The validation has only just been requested. A quick CA is done after this pause.
        polling.initialPause("the validation");
        return polling.until(
                current -> !current.isUndecided(),
                pollAuthorization(account, authorization, deadline),
                () -> pollAuthorization(account, authorization, deadline),
                this::undecided,
                Authorization::error);
    }

    private String undecided(Authorization authorization) {
        String lastError = authorization
                .error()
                .map(error -> ", and its last attempt failed: " + error.summary() + "; still pending")
                .orElse("");
        return caHost() + " has not decided on " + authorization.name() + ": its authorization is pending" + lastError;
    }

    @Override
    public Order finalizeOrder(Account account, Order order, byte[] certificateRequest) throws AcmeException {
        String name = "the certificate request";
        Deadline deadline = Deadline.after(timeouts.issuance());
        URI url = order.finalizeUrl()
                .orElseThrow(() -> AcmeErrors.invalidResponse(order.url(), FETCH_ORDER, "\"finalize\" is missing"));
        ObjectNode payload = JsonFormat.newObject().put("csr", Jwk.base64Url(certificateRequest));
        SignedRequest request = SignedRequest.post(url, payload, name);
        Snapshot<Order> finalized;
        try {
            finalized = sendCertificateRequest(account, order.url(), request, deadline);
        } catch (AcmeException e) {
            if (order.status() != Order.Status.PENDING || !mayBeTooEarly(e)) {
                throw e;
            }
            finalized = finalizeOnceReady(account, order.url(), request, e, deadline);
        }
        return awaitOrder(account, finalized, Order::isFinal, deadline);
    }

    private Snapshot<Order> sendCertificateRequest(Account account, URI order, SignedRequest request, Deadline deadline)
            throws AcmeException {
        HttpReply reply = session.send(Jws.withAccount(account), request, deadline);
        return new Snapshot<>(Order.read(order, session.fields(reply, request.name())), session.retryAfter(reply));
    }

    /**
     * Whether the CA may have refused the certificate request only because the order was not yet ready. The error type
     * for that is {@code orderNotReady}, but not every CA uses it.
     */
    private static boolean mayBeTooEarly(AcmeException refusal) {
        return switch (refusal.kind()) {
            case REFUSED, NOT_FOUND, UNREACHABLE, INVALID_RESPONSE -> true;
            case ACCOUNT_GONE, RATE_LIMITED, ALREADY_REPLACED, WRONG_CLOCK, UNUSABLE_CERTIFICATE -> false;
        };
    }

    /**
     * Waits until the order is no longer pending and sends the certificate request once more, if the order then still
     * needs one.
     */
    private Snapshot<Order> finalizeOnceReady(
            Account account, URI url, SignedRequest request, AcmeException refusal, Deadline deadline)
            throws AcmeException {
        Order order = awaitOrder(
                account,
                pollOrder(account, url, deadline),
                polled -> polled.status() != Order.Status.PENDING,
                deadline);
        if (order.status() == Order.Status.READY) {
            return sendCertificateRequest(account, url, request, deadline);
        }
        if (order.status() == Order.Status.INVALID && order.error().isEmpty()) {
            // The refusal is the only explanation.
            throw refusal;
        }
        return new Snapshot<>(order, Optional.empty());
    }

    @Override
    public Order awaitStatusChange(Account account, URI order, Order.Status current) throws AcmeException {
        Deadline deadline = Deadline.after(timeouts.issuance());
        return awaitOrder(account, pollOrder(account, order, deadline), polled -> polled.status() != current, deadline);
    }

    @Override
    public IssuedChain downloadCertificate(Account account, Order order) throws AcmeException {
        String name = "the request for the certificate";
        URI url = order.certificate()
                .orElseThrow(() -> AcmeErrors.invalidResponse(
                        order.url(), FETCH_ORDER, "the order is valid, but \"certificate\" is missing"));
        HttpReply reply = fetchChain(account, url, name);
        List<URI> alternates = session.links(reply, "alternate").stream()
                .filter(alternate -> !alternate.equals(url))
                .limit(IssuedChain.MAX_ALTERNATES)
                .toList();
        return new IssuedChain(Chain.read(reply, name), alternates);
    }

    @Override
    public List<X509Certificate> downloadAlternate(Account account, URI alternate) throws AcmeException {
        String name = "the request for another chain";
        return Chain.read(fetchChain(account, alternate, name), name);
    }

    private HttpReply fetchChain(Account account, URI url, String name) throws AcmeException {
        return session.send(Jws.withAccount(account), SignedRequest.postAsGetChain(url, name), callDeadline());
    }

    @Override
    public Optional<RenewalInfo> renewalInfo(CertificateId certificate) throws AcmeException {
        return RenewalInfoRequest.send(session, certificate, Deadline.after(timeouts.renewalInfo()));
    }

    @Override
    public RevocationResult revoke(Account account, X509Certificate certificate, RevocationReason reason)
            throws AcmeException {
        return revocationRequests.byAccount(account, certificate, reason, callDeadline());
    }

    @Override
    public RevocationResult revoke(KeyPair certificateKey, X509Certificate certificate, RevocationReason reason)
            throws AcmeException {
        return revocationRequests.byKey(certificateKey, certificate, reason, callDeadline());
    }

    @Override
    public void close() {
        session.close();
    }

    private Order awaitOrder(Account account, Snapshot<Order> first, Predicate<Order> done, Deadline deadline)
            throws AcmeException {
        return session.polling(deadline)
                .until(
                        done,
                        first,
                        () -> pollOrder(account, first.value().url(), deadline),
                        order -> caHost() + " makes no progress: the order " + order.url() + " is "
                                + order.status().label());
    }

    private Snapshot<Order> pollOrder(Account account, URI url, Deadline deadline) throws AcmeException {
        HttpReply reply = session.send(Jws.withAccount(account), SignedRequest.postAsGet(url, FETCH_ORDER), deadline);
        return new Snapshot<>(Order.read(url, session.fields(reply, FETCH_ORDER)), session.retryAfter(reply));
    }

    private Snapshot<Authorization> pollAuthorization(Account account, URI url, Deadline deadline)
            throws AcmeException {
        HttpReply reply =
                session.send(Jws.withAccount(account), SignedRequest.postAsGet(url, FETCH_AUTHORIZATION), deadline);
        return new Snapshot<>(
                Authorization.read(url, session.fields(reply, FETCH_AUTHORIZATION)), session.retryAfter(reply));
    }

    private String caHost() {
        return directoryUrl.getHost();
    }

    private Deadline callDeadline() {
        return Deadline.after(timeouts.call());
    }
}
