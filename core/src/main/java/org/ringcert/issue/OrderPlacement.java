package org.ringcert.issue;

import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateId;
import org.ringcert.acme.NewOrder;
import org.ringcert.acme.Order;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Postponement;
import org.ringcert.store.Progress;
import org.ringcert.store.StoreException;

/** Makes new orders for one certificate with one account. The caller holds the site's lock. */
final class OrderPlacement {

    private final IssuerContext context;
    private final CertificateName name;
    private final CertificateSpec spec;
    private final CertificateSpec.Source source;
    private final Preflight.Power power;
    private final Account account;
    private final AttemptProgress progress;

    OrderPlacement(
            IssuerContext context,
            CertificateSpec spec,
            CertificateSpec.Source source,
            Preflight.Power power,
            Account account,
            AttemptProgress progress) {
        this.context = context;
        this.name = spec.name();
        this.spec = spec;
        this.source = source;
        this.power = power;
        this.account = account;
        this.progress = progress;
    }

    /**
     * Makes a new order, which is on disk when this returns.
     *
     * @param uniqueNameRefusal why the unique name cannot be validated, if the CA has said so in this attempt
     */
    Order place(Optional<String> uniqueNameRefusal) throws AcmeException, IssuanceException, StoreException {
        context.failureBudget()
                .check(progress.failedOrdersOfSite(), context.clock().instant());
        // An order that cannot be saved would be forgotten, and each pass would make another.
        context.store().checkProgressWritable(name);
        CertificateSpec ordered = withUsableNames(uniqueNameRefusal);
        lookAtSite(ordered);
        context.authority().checkClock();
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
        progress.takeOverFromSiblings(order);
        progress.save(progress.atCa()
                .withOrder(new Progress.PendingOrder(
                        account.url(),
                        order.url(),
                        order.finalizeUrl(),
                        ordered.names(),
                        source.profile(),
                        source.keyType(),
                        Optional.empty(),
                        context.clock().instant())));
        context.listener().onEvent(name, new IssuanceEvent.Ordered(source.directory(), order.url()));
        if (replaced.isPresent() && !order.replaces().equals(replaced)) {
            String reason = refusal.map(AcmeException::getMessage)
                    .orElse(
                            "the CA did not confirm it; it has returned an earlier order that is still open, or it ignores"
                                    + " which certificate an order replaces");
            context.listener().onEvent(name, new IssuanceEvent.NotAReplacement(order.url(), reason));
        }
        return order;
    }

    /** Returns what can be ordered: the certificate, or that without its unique name if it cannot be validated. */
    private CertificateSpec withUsableNames(Optional<String> uniqueNameRefusal) {
        Optional<String> problem = uniqueNameRefusal.or(() -> context.uniqueNameProblem(spec, source));
        if (spec.uniqueName().isEmpty() || problem.isEmpty()) {
            return spec;
        }
        context.listener()
                .onEvent(
                        name,
                        new IssuanceEvent.UniqueNameLeftOut(spec.uniqueName().get(), problem.get()));
        return spec.withoutUniqueName();
    }

    /**
     * Looks whether the validation would succeed, before anything is asked of the CA.
     *
     * @throws IssuanceException if the order is postponed
     */
    private void lookAtSite(CertificateSpec ordered) throws IssuanceException, StoreException {
        LookBeforeOrder.Decision decision = LookBeforeOrder.of(context, ordered, source, power)
                .decide(progress.atCa().postponement());
        if (!decision.postponement().equals(progress.atCa().postponement())) {
            progress.save(progress.atCa().withPostponement(decision.postponement()));
        }
        switch (decision) {
            case LookBeforeOrder.Decision.Wait(Postponement postponement) ->
                throw IssuanceException.lookFailed(postponement);
            case LookBeforeOrder.Decision.Order(var _, Optional<String> warning) ->
                warning.ifPresent(text -> context.listener().onEvent(name, new IssuanceEvent.ValidationDoubtful(text)));
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
        return context.authority().newOrder(account, new NewOrder(ordered.names(), source.profile(), replaced));
    }
}
