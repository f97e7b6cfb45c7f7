package org.ringcert.issue;

import java.net.URI;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ringcert.acme.Account;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.NewOrder;
import org.ringcert.acme.Order;
import org.ringcert.challenge.Challenges;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.CertificateRequest;
import org.ringcert.store.Origin;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.Version;

/**
 * Gets certificates from one CA: order, challenges, key, certificate request, chain, store. Everything that the CA counts or that cannot be made again is on disk before the
 * next step, so an attempt that was cut off, even by the end of the process, is taken up where it was.
 *
 * <p>Safe for any number of threads; the caller holds the site's lock ({@link Store#lock}).
 */
public final class Issuer {

    private final CertificateAuthority authority;
    private final Store store;
    private final Challenges challenges;
    private final InstantSource clock;
    private final SecureRandom random;
    private final IssuanceListener listener;
    private final Accounts accounts;

    /** @param contact an e-mail address for an account that is made */
    public Issuer(
            CertificateAuthority authority,
            Store store,
            Challenges challenges,
            Optional<String> contact,
            InstantSource clock,
            SecureRandom random,
            IssuanceListener listener) {
        this.authority = authority;
        this.store = store;
        this.challenges = challenges;
        this.clock = clock;
        this.random = random;
        this.listener = listener;
        this.accounts = new Accounts(authority, store, contact, random, listener);
    }

    /** The directory of the CA. */
    public URI directory() {
        return authority.directory();
    }

    /** Gets the certificate and installs it. Blocks until it has ended one way or the other; an interrupt ends it soon. */
    public Outcome issue(Wish wish) {
        try {
            return new Outcome.Issued(issueByAccount(wish));
        } catch (AcmeException e) {
            return failed(String.valueOf(e.getMessage()), e.retryAfter());
        } catch (IssueException e) {
            return failed(e.getMessage(), e.retryAfter());
        } catch (StoreException e) {
            return failed(e.getMessage(), Optional.empty());
        }
    }

    /** What fails on a thread that is interrupted fails by that: the disk, too, takes nothing from it. */
    private static Outcome failed(String reason, Optional<Duration> retryAfter) {
        return Thread.currentThread().isInterrupted()
                ? new Outcome.Interrupted()
                : new Outcome.Failed(reason, retryAfter);
    }

    private Version issueByAccount(Wish wish) throws AcmeException, IssueException, StoreException {
        Account account = accounts.account(wish.site(), Optional.empty());
        try {
            return issue(wish, account);
        } catch (AcmeException e) {
            if (e.kind() == AcmeException.Kind.ACCOUNT_GONE) {
                return issue(wish, accounts.account(wish.site(), Optional.of(account.url())));
            }
            throw e;
        }
    }

    private Version issue(Wish wish, Account account) throws AcmeException, IssueException, StoreException {
        Optional<Order> underWay = resume(wish, account);
        Order order = underWay.isPresent() ? underWay.get() : order(wish, account);
        Validation validation = new Validation(authority, challenges, listener, wish.site(), account);
        try {
            validation.look(order);
            Version version = collect(wish, account, finish(wish, account, validate(order, account, validation)));
            validation.retire();
            return version;
        } catch (AcmeException e) {
            if (e.kind() == AcmeException.Kind.REFUSED || e.kind() == AcmeException.Kind.NOT_FOUND) {
                validation.retire();
                keep(wish, progress(wish).withoutOrder());
            }
            throw e;
        } catch (IssueException e) {
            validation.retire();
            keep(wish, progress(wish).withoutOrder().withSpoiled(clock.instant()));
            throw e;
        }
    }

    /** The order of before, where there is one and it can still lead to this certificate. */
    private Optional<Order> resume(Wish wish, Account account) throws AcmeException, IssueException, StoreException {
        Progress progress = progress(wish);
        if (progress.order().isEmpty()) {
            return Optional.empty();
        }
        Progress.Pending pending = progress.order().get();
        String useless = "something else is wanted now";
        Progress without = progress.withoutOrder();
        if (isFor(wish, account, pending)) {
            try {
                Order order = authority.order(account, pending.order());
                if (order.status() == Order.Status.INVALID) {
                    useless = "it became invalid while nobody looked after it";
                    without = without.withSpoiled(clock.instant());
                } else if (order.status().compareTo(Order.Status.READY) > 0
                        && pending.key().isEmpty()) {
                    useless = "its key is lost";
                } else {
                    listener.happened(wish.site(), new Step.Resumed(order.url()));
                    return Optional.of(order);
                }
            } catch (AcmeException e) {
                if (e.kind() != AcmeException.Kind.NOT_FOUND) {
                    throw e;
                }
                useless = "the CA does not know it any more";
            }
        }
        keep(wish, without);
        listener.happened(wish.site(), new Step.Abandoned(pending.order(), useless));
        FailureBudget.check(without.spoiled(), clock.instant());
        return Optional.empty();
    }

    private boolean isFor(Wish wish, Account account, Progress.Pending pending) {
        return pending.directory().equals(authority.directory())
                && pending.account().equals(account.url())
                && Set.copyOf(pending.names()).equals(Set.copyOf(wish.site().names()))
                && pending.profile().equals(wish.profile())
                && pending.keyType() == wish.keyType();
    }

    private Order order(Wish wish, Account account) throws AcmeException, StoreException {
        List<HostName> names = wish.site().names();
        Order order = authority.order(account, new NewOrder(names, wish.profile()));
        keep(
                wish,
                progress(wish)
                        .withOrder(new Progress.Pending(
                                authority.directory(),
                                account.url(),
                                order.url(),
                                names,
                                wish.profile(),
                                wish.keyType(),
                                Optional.empty(),
                                clock.instant())));
        listener.happened(wish.site(), new Step.Ordered(order.url()));
        return order;
    }

    private Order validate(Order order, Account account, Validation validation)
            throws AcmeException, IssueException, StoreException {
        if (order.status() != Order.Status.PENDING) {
            return order;
        }
        validation.complete();
        return authority.await(account, order.url(), Order.Status.PENDING);
    }

    /** Brings an order whose names are validated to its end. The key is on disk before the CA hears of it. */
    private Order finish(Wish wish, Account account, Order order) throws AcmeException, IssueException, StoreException {
        Order last = order;
        if (last.status() == Order.Status.READY) {
            last = authority.finalizeOrder(
                    account, last, CertificateRequest.of(key(wish), wish.site().names()));
        }
        if (last.status() == Order.Status.PROCESSING) {
            last = authority.await(account, last.url(), Order.Status.PROCESSING);
        }
        if (last.status() != Order.Status.VALID) {
            throw new IssueException("The CA made the order invalid."
                    + last.error()
                            .map(problem -> " It says: " + problem.detail())
                            .orElse(""));
        }
        return last;
    }

    private KeyPair key(Wish wish) throws StoreException {
        Progress progress = progress(wish);
        Progress.Pending pending = progress.order().orElseThrow();
        if (pending.key().isPresent()) {
            return pending.key().get();
        }
        KeyPair key = wish.keyType().generate(random);
        keep(wish, progress.withOrder(pending.withKey(key)));
        return key;
    }

    private Version collect(Wish wish, Account account, Order order)
            throws AcmeException, IssueException, StoreException {
        Site site = wish.site();
        KeyPair key = key(wish);
        List<X509Certificate> chain = authority.certificate(account, order);
        ChainCheck.check(chain, key.getPublic(), site.names(), clock.instant());
        Optional<Version> current =
                store.current(site.name()).filter(now -> now.leaf().equals(chain.getFirst()));
        Version version = current.isPresent()
                ? current.get()
                : store.install(
                        site.name(),
                        key,
                        chain,
                        new Origin.Issued(authority.directory(), account.url(), wish.profile()));
        keep(wish, Progress.installed(clock.instant()));
        listener.happened(site, new Step.Installed(version));
        return version;
    }

    private Progress progress(Wish wish) throws StoreException {
        return store.progress(wish.site().name());
    }

    private void keep(Wish wish, Progress progress) throws StoreException {
        store.keepProgress(wish.site().name(), progress);
    }
}
