package org.ringcert.issue;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.ringcert.acme.Order;
import org.ringcert.store.AuthorityProgress;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Progress;
import org.ringcert.store.StoreException;

/**
 * The progress of one certificate at one CA during an attempt. It is equal to what is on disk, because the caller holds
 * the site's lock.
 */
final class AttemptProgress {

    private final IssuerContext context;
    private final CertificateName name;
    private Progress all;

    AttemptProgress(IssuerContext context, CertificateName name) throws StoreException {
        this.context = context;
        this.name = name;
        this.all = context.store().progress(name);
    }

    /** Returns the progress at all CAs. */
    Progress all() {
        return all;
    }

    /** Returns the progress at this CA. */
    AuthorityProgress atCa() {
        return all.at(directory());
    }

    void save(AuthorityProgress changed) throws StoreException {
        Progress next = all.with(changed);
        context.store().saveProgress(name, next);
        all = next;
    }

    /** Forgets the pending order. */
    void dropOrder() throws StoreException {
        save(atCa().withoutOrder());
    }

    /** Forgets the pending order, which counts as failed. */
    void dropFailedOrder() throws StoreException {
        save(atCa().withoutOrder().withFailedOrder(context.clock().instant()));
    }

    /** Forgets the pending order, and reports that. */
    void abandonOrder(URI order, String reason) throws StoreException {
        dropOrder();
        context.listener().onEvent(name, new IssuanceEvent.Abandoned(order, reason));
    }

    /** Forgets the pending order, which counts as failed, and reports that. */
    void abandonFailedOrder(URI order, String reason) throws StoreException {
        dropFailedOrder();
        context.listener().onEvent(name, new IssuanceEvent.Abandoned(order, reason));
    }

    /** Returns when orders of this site failed. Its certificates are for the same names, which the CA counts. */
    List<Instant> failedOrdersOfSite() throws StoreException {
        List<Instant> failedOrders = new ArrayList<>(atCa().failedOrders());
        for (CertificateName sibling : name.siblings()) {
            failedOrders.addAll(
                    context.store().progress(sibling).at(directory()).failedOrders());
        }
        return failedOrders;
    }

    /**
     * Makes an order belong to this certificate alone. A CA has one open order for an account and some names, so it may
     * return one that a sibling has made and not completed.
     */
    void takeOverFromSiblings(Order order) throws StoreException {
        for (CertificateName sibling : name.siblings()) {
            Progress siblingProgress = context.store().progress(sibling);
            AuthorityProgress atThisCa = siblingProgress.at(directory());
            if (atThisCa.order()
                    .filter(open -> open.order().equals(order.url()))
                    .isPresent()) {
                context.store().saveProgress(sibling, siblingProgress.with(atThisCa.withoutOrder()));
            }
        }
    }

    private URI directory() {
        return context.authority().directory();
    }
}
