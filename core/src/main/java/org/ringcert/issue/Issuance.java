package org.ringcert.issue;

import java.net.URI;
import java.security.KeyPair;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ringcert.acme.Account;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.CertificateId;
import org.ringcert.acme.NewOrder;
import org.ringcert.acme.Order;
import org.ringcert.acme.ProblemDocument;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.IssuanceException.Effect;
import org.ringcert.pki.CertificateRequest;
import org.ringcert.store.AuthorityProgress;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Postponement;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * One attempt to get one certificate with one account: the first three states of {@link Progress}. The caller holds the
 * site's lock.
 */
final class Issuance {

    private final IssuerContext context;
    private final CertificateAuthority authority;
    private final Store store;
    private final InstantSource clock;
    private final IssuanceListener listener;
    private final CertificateName name;
    private final CertificateSpec spec;
    private final CertificateSpec.Source source;
    private final Preflight.Power power;
    private final Installation installation;
    private final Account account;
    private final KeyChoice keys;

    /** Equal to what is on disk, because the caller holds the site's lock. */
    private Progress progress;

    /** That of the latest order. */
    private Validation validation;

    /** Why the unique name cannot be validated, if the CA has said so in this attempt. */
    private Optional<String> uniqueNameRefusal = Optional.empty();

    Issuance(
            IssuerContext context,
            CertificateSpec spec,
            CertificateSpec.Source source,
            Preflight.Power power,
            InstallationTest test,
            Account account)
            throws StoreException {
        this.context = context;
        this.authority = context.authority();
        this.store = context.store();
        this.clock = context.clock();
        this.listener = context.listener();
        this.name = spec.name();
        this.spec = spec;
        this.source = source;
        this.power = power;
        this.installation = new Installation(context, spec, source, account, test);
        this.account = account;
        this.keys = new KeyChoice(context, name, source);
        this.progress = store.progress(name);
        this.validation = newValidation();
    }

    /** Orders the certificate or continues an earlier order, and installs the certificate. */
    CertificateVersion run() throws AcmeException, IssuanceException, StoreException {
        Optional<CertificateVersion> kept = installKept();
        if (kept.isPresent()) {
            return kept.get();
        }
        Optional<Order> resumed = resumeOrder();
        Order order = resumed.isPresent() ? resumed.get() : placeOrder();
        try {
            validation.fetchAuthorizations(order);
            if (resumed.isPresent() && order.status() == Order.Status.PENDING && validation.hasFailed()) {
                order = placeOrderInsteadOf(order, "its validation has failed");
            }
            order = validate(order);
            Order valid = finalizeOrder(order);
            CertificateVersion version = installation.install(valid, key(), progress);
            validation.retireKeyAuthorizations();
            return version;
        } catch (AcmeException e) {
            keys.retireIfRefused(ownProgress(), e.problem());
            if (e.kind() == AcmeException.Kind.REFUSED || e.kind() == AcmeException.Kind.NOT_FOUND) {
                validation.retireKeyAuthorizations();
                save(ownProgress().withoutOrder());
            }
            throw e;
        } catch (IssuanceException e) {
            validation.retireKeyAuthorizations();
            switch (e.effect()) {
                case Effect.CertificateKept() -> {
                    // It is in the pending order.
                }
                case Effect.OrderFailed() -> save(ownProgressWithFailedOrder());
                default -> save(ownProgress().withoutOrder());
            }
            throw e;
        }
    }

    /**
     * Validates the names of an order. If only the unique name fails, another order is made without it: visitors need
     * the names of the site.
     *
     * @return the order that is validated
     */
    private Order validate(Order order) throws AcmeException, IssuanceException, StoreException {
        if (order.status() != Order.Status.PENDING) {
            return order;
        }
        try {
            validation.complete();
            return order;
        } catch (IssuanceException e) {
            if (spec.uniqueName().isEmpty()
                    || !validation.failedNames().equals(Set.of(spec.uniqueName().get()))) {
                throw e;
            }
            uniqueNameRefusal = Optional.of(e.getMessage());
        }
        return validate(placeOrderInsteadOf(order, "the CA could not validate its unique name"));
    }

    private Order placeOrderInsteadOf(Order failed, String reason)
            throws AcmeException, IssuanceException, StoreException {
        validation.retireKeyAuthorizations();
        abandonFailedOrder(failed.url(), reason);
        Order order = placeOrder();
        validation = newValidation();
        validation.fetchAuthorizations(order);
        return order;
    }

    private Validation newValidation() {
        return new Validation(context, name, account);
    }

    /** Returns the order of an earlier attempt, if it can still lead to this certificate. Abandons it otherwise. */
    private Optional<Order> resumeOrder() throws AcmeException, StoreException {
        Optional<Progress.PendingOrder> saved = ownProgress().order();
        if (saved.isEmpty()) {
            return Optional.empty();
        }
        Progress.PendingOrder pending = saved.get();
        if (!isForThisCertificate(pending) || hasRetiredKey(pending)) {
            abandonOrder(pending.order(), "a different certificate is needed now");
            return Optional.empty();
        }
        Order order;
        try {
            order = authority.fetchOrder(account, pending.order());
        } catch (AcmeException e) {
            abandonOrder(pending.order(), whyOrderIsLost(e));
            return Optional.empty();
        }
        if (order.status() == Order.Status.INVALID) {
            abandonFailedOrder(pending.order(), "it became invalid between two attempts");
            return Optional.empty();
        }
        if (order.status().compareTo(Order.Status.READY) > 0 && pending.key().isEmpty()) {
            abandonOrder(pending.order(), "its key is lost");
            return Optional.empty();
        }
        listener.onEvent(name, new IssuanceEvent.Resumed(order.url()));
        return Optional.of(order.withFinalizeUrl(pending.finalizeUrl()));
    }

    private boolean isForThisCertificate(Progress.PendingOrder pending) {
        return pending.account().equals(account.url())
                && isForNames(pending)
                && pending.profile().equals(source.profile())
                && pending.keyType() == source.keyType();
    }

    /** An order without the unique name was made because that could not be validated, and is as good. */
    private boolean isForNames(Progress.PendingOrder pending) {
        Set<HostName> names = Set.copyOf(pending.names());
        return names.equals(Set.copyOf(spec.names()))
                || names.equals(Set.copyOf(spec.site().names()));
    }

    private boolean hasRetiredKey(Progress.PendingOrder pending) {
        return pending.key().filter(key -> store.isKeyRetired(key.getPublic())).isPresent();
    }

    /** @throws AcmeException the given one, unless it means that the CA no longer has the order */
    private static String whyOrderIsLost(AcmeException e) throws AcmeException {
        return switch (e.kind()) {
            case NOT_FOUND -> "the CA no longer has it";
            // CAs answer 400, 401, 403 or 410 for an order that they have lost.
            case REFUSED -> "the CA no longer shows it: " + e.getMessage();
            case ACCOUNT_GONE,
                    RATE_LIMITED,
                    UNREACHABLE,
                    INVALID_RESPONSE,
                    ALREADY_REPLACED,
                    WRONG_CLOCK,
                    UNUSABLE_CERTIFICATE -> throw e;
        };
    }

    private void abandonOrder(URI order, String reason) throws StoreException {
        save(ownProgress().withoutOrder());
        listener.onEvent(name, new IssuanceEvent.Abandoned(order, reason));
    }

    private void abandonFailedOrder(URI order, String reason) throws StoreException {
        save(ownProgressWithFailedOrder());
        listener.onEvent(name, new IssuanceEvent.Abandoned(order, reason));
    }

    private AuthorityProgress ownProgress() {
        return progress.at(authority.directory());
    }

    private AuthorityProgress ownProgressWithFailedOrder() {
        return ownProgress().withoutOrder().withFailedOrder(clock.instant());
    }

    private Order placeOrder() throws AcmeException, IssuanceException, StoreException {
        FailureBudget.check(failedOrdersOfSite(), clock.instant());
        // An order that cannot be saved would be forgotten, and each pass would make another.
        store.checkProgressWritable(name);
        CertificateSpec ordered = withUsableNames();
        lookAtSite(ordered);
        authority.checkClock();
        Optional<CertificateId> replaced = Replacement.replacedBy(context, spec, account);
        Optional<AcmeException> refusal = Optional.empty();
        Order order;
        try {
            order = requestOrder(ordered, replaced);
        } catch (AcmeException e) {
            if (replaced.isEmpty() || !Replacement.mayConcern(e)) {
                throw e;
            }
            refusal = Optional.of(e);
            order = requestOrderInsteadOf(ordered, e);
        }
        takeOverFromSiblings(order);
        save(ownProgress()
                .withOrder(new Progress.PendingOrder(
                        account.url(),
                        order.url(),
                        order.finalizeUrl(),
                        ordered.names(),
                        source.profile(),
                        source.keyType(),
                        Optional.empty(),
                        clock.instant())));
        listener.onEvent(name, new IssuanceEvent.Ordered(source.directory(), order.url()));
        if (replaced.isPresent() && !order.replaces().equals(replaced)) {
            String reason = refusal.map(AcmeException::getMessage)
                    .orElse(
                            "the CA did not confirm it; it has returned an earlier order that is still open, or it ignores"
                                    + " which certificate an order replaces");
            listener.onEvent(name, new IssuanceEvent.NotAReplacement(order.url(), reason));
        }
        return order;
    }

    /** Returns what can be ordered: the certificate, or that without its unique name if it cannot be validated. */
    private CertificateSpec withUsableNames() {
        Optional<String> problem = uniqueNameRefusal.or(() -> context.uniqueNameProblem(spec, source));
        if (spec.uniqueName().isEmpty() || problem.isEmpty()) {
            return spec;
        }
        listener.onEvent(
                name, new IssuanceEvent.UniqueNameLeftOut(spec.uniqueName().get(), problem.get()));
        return spec.withoutUniqueName();
    }

    /**
     * Looks whether the validation would succeed, before anything is asked of the CA.
     *
     * @throws IssuanceException if the order is postponed
     */
    private void lookAtSite(CertificateSpec ordered) throws IssuanceException, StoreException {
        LookBeforeOrder.Decision decision = LookBeforeOrder.of(context, ordered, source, power)
                .decide(ownProgress().postponement());
        if (!decision.postponement().equals(ownProgress().postponement())) {
            save(ownProgress().withPostponement(decision.postponement()));
        }
        switch (decision) {
            case LookBeforeOrder.Decision.Wait(Postponement postponement) ->
                throw IssuanceException.lookFailed(postponement);
            case LookBeforeOrder.Decision.Order(var _, Optional<String> warning) ->
                warning.ifPresent(text -> listener.onEvent(name, new IssuanceEvent.ValidationDoubtful(text)));
        }
    }

    /** Returns when orders of this site failed. Its certificates are for the same names, which the CA counts. */
    private List<Instant> failedOrdersOfSite() throws StoreException {
        List<Instant> failedOrders = new ArrayList<>(ownProgress().failedOrders());
        for (CertificateName sibling : name.siblings()) {
            failedOrders.addAll(
                    store.progress(sibling).at(authority.directory()).failedOrders());
        }
        return failedOrders;
    }

    /**
     * Makes the order belong to this certificate alone. A CA has one open order for an account and some names, so it
     * may return one that a sibling has made and not completed.
     */
    private void takeOverFromSiblings(Order order) throws StoreException {
        for (CertificateName sibling : name.siblings()) {
            Progress siblingProgress = store.progress(sibling);
            AuthorityProgress atThisCa = siblingProgress.at(authority.directory());
            if (atThisCa.order()
                    .filter(open -> open.order().equals(order.url()))
                    .isPresent()) {
                store.saveProgress(sibling, siblingProgress.with(atThisCa.withoutOrder()));
            }
        }
    }

    /** Orders without naming a replaced certificate, after the CA has refused an order that does. */
    private Order requestOrderInsteadOf(CertificateSpec ordered, AcmeException refusal) throws AcmeException {
        try {
            return requestOrder(ordered, Optional.empty());
        } catch (AcmeException e) {
            if (refusal.kind() != AcmeException.Kind.ALREADY_REPLACED) {
                throw e;
            }
            // This refusal may be about a limit from which the renewal would have been exempt.
            throw new AcmeException(
                    e.kind(), refusal.getMessage() + " " + e.getMessage(), e.problem(), e.retryAfter(), e);
        }
    }

    private Order requestOrder(CertificateSpec ordered, Optional<CertificateId> replaced) throws AcmeException {
        return authority.newOrder(account, new NewOrder(ordered.names(), source.profile(), replaced));
    }

    /**
     * Sends the certificate request if the order still needs one, and waits until the certificate is issued. An order
     * whose names have just been validated is ready, or will be in a moment: it is not fetched again to find out.
     */
    private Order finalizeOrder(Order validated) throws AcmeException, IssuanceException, StoreException {
        Order order = validated;
        if (order.status() == Order.Status.PENDING || order.status() == Order.Status.READY) {
            byte[] request = CertificateRequest.create(key(), orderedNames());
            order = authority.finalizeOrder(account, order, request);
        }
        if (order.status() == Order.Status.PROCESSING) {
            order = authority.awaitStatusChange(account, order.url(), Order.Status.PROCESSING);
        }
        if (order.status() != Order.Status.VALID) {
            Optional<ProblemDocument> error = order.error();
            keys.retireIfRefused(ownProgress(), error);
            throw IssuanceException.orderFailed(
                    "The CA made the order invalid."
                            + error.map(problem -> " It says: " + problem.summaryWithAdvice())
                                    .orElse(""),
                    error.map(ProblemDocument::fault).orElse(Fault.CA));
        }
        return order;
    }

    private List<HostName> orderedNames() {
        return ownProgress().order().orElseThrow().names();
    }

    /** Returns the key of the pending order. A new one is on disk before the CA sees its certificate request. */
    private KeyPair key() throws StoreException {
        Progress.PendingOrder pending = ownProgress().order().orElseThrow();
        if (pending.key().isEmpty()) {
            pending = pending.withKey(keys.choose());
            save(ownProgress().withOrder(pending));
        }
        return pending.key().orElseThrow();
    }

    /**
     * Installs the certificate of an earlier attempt that a test has kept.
     *
     * @return empty if there is none that can be used
     */
    private Optional<CertificateVersion> installKept() throws IssuanceException, StoreException {
        Optional<Progress.PendingOrder> pending = ownProgress()
                .order()
                .filter(order -> !order.chain().isEmpty() && isForThisCertificate(order) && !hasRetiredKey(order));
        if (pending.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(installation.installKept(progress));
        } catch (IssuanceException e) {
            if (e.effect() instanceof Effect.CertificateKept) {
                throw e;
            }
            abandonOrder(pending.get().order(), e.getMessage());
            return Optional.empty();
        }
    }

    private void save(AuthorityProgress changed) throws StoreException {
        save(progress.with(changed));
    }

    private void save(Progress next) throws StoreException {
        store.saveProgress(name, next);
        progress = next;
    }
}
