package org.ringcert.issue;

import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ringcert.acme.Account;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.Order;
import org.ringcert.acme.ProblemDocument;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.IssuanceException.Effect;
import org.ringcert.pki.CertificateRequest;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
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
    private final IssuanceListener listener;
    private final CertificateName name;
    private final CertificateSpec spec;
    private final CertificateSpec.Source source;
    private final Installation installation;
    private final Account account;
    private final KeyChoice keys;
    private final AttemptProgress progress;
    private final OrderPlacement placement;

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
        this.listener = context.listener();
        this.name = spec.name();
        this.spec = spec;
        this.source = source;
        this.installation = new Installation(context, spec, source, account, test);
        this.account = account;
        this.keys = new KeyChoice(context, name, source);
        this.progress = new AttemptProgress(context, name);
        this.placement = new OrderPlacement(context, spec, source, power, account, progress);
        this.validation = newValidation();
    }

    /** Orders the certificate or continues an earlier order, and installs the certificate. */
    CertificateVersion run() throws AcmeException, IssuanceException, StoreException {
        Optional<CertificateVersion> kept = installKept();
        if (kept.isPresent()) {
            return kept.get();
        }
        Optional<Order> resumed = resumeOrder();
        Order order = resumed.isPresent() ? resumed.get() : placement.place(uniqueNameRefusal);
        try {
            validation.fetchAuthorizations(order);
            if (resumed.isPresent() && order.status() == Order.Status.PENDING && validation.hasFailed()) {
                order = placeOrderInsteadOf(order, "its validation has failed");
            }
            order = validate(order);
            Order valid = finalizeOrder(order);
            CertificateVersion version = installation.install(valid, key(), progress.all());
            validation.retireKeyAuthorizations();
            return version;
        } catch (AcmeException e) {
            keys.retireIfRefused(progress.atCa(), e.problem());
            if (e.kind() == AcmeException.Kind.REFUSED || e.kind() == AcmeException.Kind.NOT_FOUND) {
                validation.retireKeyAuthorizations();
                progress.dropOrder();
            }
            throw e;
        } catch (IssuanceException e) {
            validation.retireKeyAuthorizations();
            switch (e.effect()) {
                case Effect.CertificateKept() -> {
                    // It is in the pending order.
                }
                case Effect.OrderFailed() -> progress.dropFailedOrder();
                default -> progress.dropOrder();
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
        progress.abandonFailedOrder(failed.url(), reason);
        Order order = placement.place(uniqueNameRefusal);
        validation = newValidation();
        validation.fetchAuthorizations(order);
        return order;
    }

    private Validation newValidation() {
        return new Validation(context, name, account);
    }

    /** Returns the order of an earlier attempt, if it can still lead to this certificate. Abandons it otherwise. */
    private Optional<Order> resumeOrder() throws AcmeException, StoreException {
        Optional<Progress.PendingOrder> saved = progress.atCa().order();
        if (saved.isEmpty()) {
            return Optional.empty();
        }
        Progress.PendingOrder pending = saved.get();
        if (!isForThisCertificate(pending) || hasRetiredKey(pending)) {
            progress.abandonOrder(pending.order(), "a different certificate is needed now");
            return Optional.empty();
        }
        Order order;
        try {
            order = authority.fetchOrder(account, pending.order());
        } catch (AcmeException e) {
            progress.abandonOrder(pending.order(), whyOrderIsLost(e));
            return Optional.empty();
        }
        if (order.status() == Order.Status.INVALID) {
            progress.abandonFailedOrder(pending.order(), "it became invalid between two attempts");
            return Optional.empty();
        }
        if (order.status().compareTo(Order.Status.READY) > 0 && pending.key().isEmpty()) {
            progress.abandonOrder(pending.order(), "its key is lost");
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
            keys.retireIfRefused(progress.atCa(), error);
            throw IssuanceException.orderFailed(
                    "The CA made the order invalid."
                            + error.map(problem -> " It says: " + problem.summaryWithAdvice())
                                    .orElse(""),
                    error.map(ProblemDocument::fault).orElse(Fault.CA));
        }
        return order;
    }

    private List<HostName> orderedNames() {
        return progress.atCa().order().orElseThrow().names();
    }

    /** Returns the key of the pending order. A new one is on disk before the CA sees its certificate request. */
    private KeyPair key() throws StoreException {
        Progress.PendingOrder pending = progress.atCa().order().orElseThrow();
        if (pending.key().isEmpty()) {
            pending = pending.withKey(keys.choose());
            progress.save(progress.atCa().withOrder(pending));
        }
        return pending.key().orElseThrow();
    }

    /**
     * Installs the certificate of an earlier attempt that a test has kept.
     *
     * @return empty if there is none that can be used
     */
    private Optional<CertificateVersion> installKept() throws IssuanceException, StoreException {
        Optional<Progress.PendingOrder> pending = progress.atCa()
                .order()
                .filter(order -> !order.chain().isEmpty() && isForThisCertificate(order) && !hasRetiredKey(order));
        if (pending.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(installation.installKept(progress.all()));
        } catch (IssuanceException e) {
            if (e.effect() instanceof Effect.CertificateKept) {
                throw e;
            }
            progress.abandonOrder(pending.get().order(), e.getMessage());
            return Optional.empty();
        }
    }
}
