package org.ringcert.acme;

import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.ringcert.acme.Polling.Seen;
import org.ringcert.cluster.HostName;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A CA that speaks ACME (RFC 8555) over HTTP. It is asked for nothing before the first call.
 *
 * <p>One request with its answer takes 30 seconds at most, a call 90 seconds, a validation 90 and an issuance 120; 16
 * requests are under way at a time, whatever the number of callers, and who waits for the CA's decision takes none of
 * these places. Answers are read up to 256 KiB, chains up to 1 MiB. Redirects are not followed. The environment may
 * name a proxy: {@code HTTPS_PROXY}, {@code NO_PROXY}.
 */
public final class AcmeClient implements CertificateAuthority {

    /** The status of an account that may order (RFC 8555, section 7.1.2); CAs that say none mean it. */
    private static final String VALID = "valid";

    private final URI directory;
    private final Session session;
    private final Timeouts patience;

    /**
     * A client for the CA of that directory.
     *
     * @param directory an https URL; http is taken for a loopback address, and only then from the CA's answers, too
     * @param trustedRoots what the CA's https is checked against, instead of what the system trusts
     * @param version of Ringcert, for the User-Agent
     * @throws IllegalArgumentException if the URL is another, or the list is there and empty; the message says what
     *     would be right
     */
    public static AcmeClient create(
            URI directory, Optional<List<X509Certificate>> trustedRoots, String version, Clock clock) {
        UrlRule.of(directory);
        String userAgent = "ringcert/" + version + " Java/" + Runtime.version().feature();
        return new AcmeClient(
                directory,
                new HttpTransport(trustedRoots, userAgent, System.getenv()),
                Timeouts.USUAL,
                clock,
                Sleeper.real());
    }

    /**
     * What is wrong with the URL for {@link #create}, to be read after its name, such as "begins with https://"; empty
     * where nothing is.
     */
    public static Optional<String> directoryUrlError(URI directory) {
        return UrlRule.mistakeInDirectory(directory);
    }

    AcmeClient(URI directory, Transport transport, Timeouts patience, Clock clock, Sleeper pause) {
        this.directory = directory;
        this.session = new Session(directory, transport, patience, clock, pause);
        this.patience = patience;
    }

    @Override
    public URI directory() {
        return directory;
    }

    @Override
    public List<String> profiles() throws AcmeException {
        return session.directory(call()).profiles();
    }

    @Override
    public Account register(KeyPair key, Optional<String> contact) throws AcmeException {
        String what = "the registration of the account";
        Deadline deadline = call();
        Directory known = session.directory(deadline);
        if (known.externalAccountRequired()) {
            throw AcmeErrors.refused(directory.getHost()
                    + " registers only customers (external account binding), which Ringcert does not support yet:"
                    + " choose another CA");
        }
        ObjectNode payload = JsonFields.JSON.createObjectNode();
        payload.put("termsOfServiceAgreed", true);
        contact.ifPresent(address -> payload.putArray("contact").add("mailto:" + address));
        SignedRequest ask = SignedRequest.send(known.newAccount(), JsonFields.JSON.writeValueAsString(payload), what);
        HttpReply reply;
        try {
            reply = session.post(new Jws(key, Optional.empty()), ask, deadline);
        } catch (AcmeException e) {
            throw contact.isEmpty() && e.kind() == AcmeException.Kind.REFUSED
                    ? e.withAdvice("Some CAs register nobody without an e-mail address: [acme] contact has none.")
                    : e;
        }
        String status = session.fields(reply, what).optionalText("status").orElse(VALID);
        if (!status.equals(VALID)) {
            throw AcmeErrors.refused(directory.getHost() + " has an account for this key, but it is "
                    + ProblemDocument.clean(status, 100) + ": a new account key is needed");
        }
        return new Account(session.location(reply, what), key);
    }

    @Override
    public AccountStatus accountStatus(KeyPair key) throws AcmeException {
        String what = "the question for the account";
        Deadline deadline = call();
        SignedRequest ask =
                SignedRequest.send(session.directory(deadline).newAccount(), "{\"onlyReturnExisting\":true}", what);
        try {
            HttpReply reply = session.post(new Jws(key, Optional.empty()), ask, deadline);
            String status = session.fields(reply, what).optionalText("status").orElse(VALID);
            return status.equals(VALID) ? AccountStatus.VALID : AccountStatus.DEACTIVATED;
        } catch (AcmeException e) {
            if (e.kind() == AcmeException.Kind.ACCOUNT_GONE) {
                return AccountStatus.UNKNOWN;
            }
            // Boulder and step-ca do not show an account that is deactivated, but refuse its key.
            if (e.problem().filter(problem -> problem.hasType("unauthorized")).isPresent()) {
                return AccountStatus.DEACTIVATED;
            }
            throw e;
        }
    }

    @Override
    public Order newOrder(Account account, NewOrder wanted) throws AcmeException {
        String what = "the new order";
        Deadline deadline = call();
        Directory known = session.directory(deadline);
        checkProfile(known, wanted);
        ObjectNode payload = JsonFields.JSON.createObjectNode();
        ArrayNode identifiers = payload.putArray("identifiers");
        for (HostName name : wanted.names()) {
            identifiers.addObject().put("type", "dns").put("value", name.value());
        }
        wanted.profile().ifPresent(profile -> payload.put("profile", profile));
        SignedRequest ask = SignedRequest.send(known.newOrder(), JsonFields.JSON.writeValueAsString(payload), what);
        HttpReply reply = session.post(Jws.of(account), ask, deadline);
        Order order = Order.read(session.location(reply, what), session.fields(reply, what));
        if (order.finalizeUrl().isEmpty()) {
            throw AcmeErrors.invalidResponse(reply.url(), what, "\"finalize\" is missing");
        }
        return order;
    }

    @Override
    public Order fetchOrder(Account account, URI order) throws AcmeException {
        return seeOrder(account, order, call()).value();
    }

    @Override
    public Authorization fetchAuthorization(Account account, URI authorization) throws AcmeException {
        return seeAuthorization(account, authorization, call()).value();
    }

    @Override
    public void respond(Account account, Challenge challenge) throws AcmeException {
        session.post(Jws.of(account), SignedRequest.send(challenge.url(), "{}", "the request to validate"), call());
    }

    @Override
    public Authorization awaitValidation(Account account, URI authorization) throws AcmeException {
        Deadline deadline = Deadline.in(patience.validation());
        Polling polling = session.polling(deadline);
        // It was asked to validate just now; a CA that is quick needs only this.
        polling.breathe("the validation");
        return polling.until(
                seen -> !seen.isUndecided(),
                seeAuthorization(account, authorization, deadline),
                () -> seeAuthorization(account, authorization, deadline),
                seen -> directory.getHost() + " has not decided on " + seen.name() + ": its authorization is pending"
                        + seen.error()
                                .map(error -> ", and its last try failed: " + error.summary() + "; still so")
                                .orElse(""));
    }

    @Override
    public Order finalizeOrder(Account account, Order order, byte[] request) throws AcmeException {
        String what = "the certificate request";
        Deadline deadline = Deadline.in(patience.issuance());
        ObjectNode payload = JsonFields.JSON.createObjectNode();
        payload.put("csr", Jwk.base64(request));
        URI url = order.finalizeUrl()
                .orElseThrow(() -> AcmeErrors.invalidResponse(
                        order.url(), "the request for the order", "\"finalize\" is missing"));
        SignedRequest ask = SignedRequest.send(url, JsonFields.JSON.writeValueAsString(payload), what);
        HttpReply reply = session.post(Jws.of(account), ask, deadline);
        Order first = Order.read(order.url(), session.fields(reply, what));
        return issuance(account, new Seen<>(first, session.retryAfter(reply)), Order::decided, deadline);
    }

    @Override
    public Order awaitStatusChange(Account account, URI order, Order.Status current) throws AcmeException {
        Deadline deadline = Deadline.in(patience.issuance());
        return issuance(account, seeOrder(account, order, deadline), seen -> seen.status() != current, deadline);
    }

    @Override
    public List<X509Certificate> downloadCertificate(Account account, Order order) throws AcmeException {
        String what = "the request for the certificate";
        URI url = order.certificate()
                .orElseThrow(() -> AcmeErrors.invalidResponse(
                        order.url(), "the request for the order", "it is valid, but \"certificate\" is missing"));
        return Chain.read(session.post(Jws.of(account), SignedRequest.chain(url, what), call()), what);
    }

    @Override
    public void close() {
        session.close();
    }

    private Deadline call() {
        return Deadline.in(patience.call());
    }

    private void checkProfile(Directory known, NewOrder wanted) throws AcmeException {
        if (wanted.profile().isEmpty()
                || known.profiles().contains(wanted.profile().get())) {
            return;
        }
        String offered = known.profiles().isEmpty() ? "it has none" : "it has " + String.join(", ", known.profiles());
        throw AcmeErrors.refused(directory.getHost() + " has no profile \""
                + wanted.profile().get() + "\" ([acme] profile): " + offered);
    }

    private Order issuance(Account account, Seen<Order> first, Predicate<Order> decided, Deadline deadline)
            throws AcmeException {
        return session.polling(deadline)
                .until(
                        decided,
                        first,
                        () -> seeOrder(account, first.value().url(), deadline),
                        seen -> directory.getHost() + " does not get on: the order " + seen.url() + " is "
                                + seen.status().word());
    }

    private Seen<Order> seeOrder(Account account, URI url, Deadline deadline) throws AcmeException {
        String what = "the request for the order";
        HttpReply reply = session.post(Jws.of(account), SignedRequest.look(url, what), deadline);
        return new Seen<>(Order.read(url, session.fields(reply, what)), session.retryAfter(reply));
    }

    private Seen<Authorization> seeAuthorization(Account account, URI url, Deadline deadline) throws AcmeException {
        String what = "the request for the authorization";
        HttpReply reply = session.post(Jws.of(account), SignedRequest.look(url, what), deadline);
        return new Seen<>(Authorization.read(url, session.fields(reply, what)), session.retryAfter(reply));
    }
}
