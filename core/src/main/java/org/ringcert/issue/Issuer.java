package org.ringcert.issue;

import java.net.URI;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
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
import org.ringcert.cluster.Site;
import org.ringcert.issue.IssueException.Consequence;
import org.ringcert.pki.CertificateRequest;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * Gets certificates from one CA: order, challenges, key, certificate request, chain, store. Everything that the CA
 * counts or that cannot be made again is on disk before the next step, so an attempt that was cut off, even by the end
 * of the process, is taken up where it was.
 *
 * <p>Safe for any number of threads; the caller holds the site's lock ({@link Store#lock}).
 */
public final class Issuer {

    /** So long after its order a chain that cannot be read is fetched again: some four tries. */
    private static final Duration FETCHED_AGAIN = Duration.ofHours(1);

    /**
     * How long no other certificate is ordered from a CA that issued one that cannot be used: a person has to see to
     * the CA.
     */
    private static final Duration AFTER_USELESS = Duration.ofDays(1);

    private final CertificateAuthority authority;
    private final Store store;
    private final Challenges challenges;
    private final PeerRedirects peerRedirects;
    private final InstantSource clock;
    private final SecureRandom random;
    private final IssuanceListener listener;
    private final AccountRegistration accounts;

    /**
     * @param contact an e-mail address for an account that is made
     * @param peerRedirects whether other servers hand a validation over by a redirect; it only changes what is advised
     */
    public Issuer(
            CertificateAuthority authority,
            Store store,
            Challenges challenges,
            Optional<String> contact,
            PeerRedirects peerRedirects,
            InstantSource clock,
            SecureRandom random,
            IssuanceListener listener) {
        this.authority = authority;
        this.store = store;
        this.challenges = challenges;
        this.peerRedirects = peerRedirects;
        this.clock = clock;
        this.random = random;
        this.listener = listener;
        this.accounts = new AccountRegistration(authority, store, contact, random, listener);
    }

    /** The directory of the CA. */
    public URI directory() {
        return authority.directory();
    }

    /**
     * Gets the certificate and installs it. Blocks until it has ended one way or the other; an interrupt ends it soon.
     */
    public IssuanceOutcome issue(CertificateSpec spec) {
        try {
            return new IssuanceOutcome.Issued(issueByAccount(spec));
        } catch (AcmeException e) {
            return failed(String.valueOf(e.getMessage()), e.retryAfter());
        } catch (IssueException e) {
            return switch (e.consequence()) {
                case Consequence.Wait(Instant until) -> new IssuanceOutcome.Postponed(e.getMessage(), until);
                case Consequence.Spoiled(), Consequence.Dropped() -> failed(e.getMessage(), Optional.empty());
                case Consequence.Useless() -> failed(e.getMessage(), Optional.of(AFTER_USELESS));
            };
        } catch (StoreException e) {
            return failed(e.getMessage(), Optional.empty());
        }
    }

    /**
     * Makes the account at the CA where there is none yet, and orders nothing.
     *
     * @param site who needs it, for the listener
     * @return empty where the account is there; else why not, a sentence
     */
    public Optional<String> prepareAccount(Site site) {
        try {
            Account _ = accounts.account(site, Optional.empty());
            return Optional.empty();
        } catch (AcmeException | StoreException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** What fails on a thread that is interrupted fails by that: the disk, too, takes nothing from it. */
    private static IssuanceOutcome failed(String reason, Optional<Duration> retryAfter) {
        return Thread.currentThread().isInterrupted()
                ? new IssuanceOutcome.Interrupted()
                : new IssuanceOutcome.Failed(reason, retryAfter);
    }

    private CertificateVersion issueByAccount(CertificateSpec spec)
            throws AcmeException, IssueException, StoreException {
        Account account = accounts.account(spec.site(), Optional.empty());
        try {
            return new Issuance(spec, account).run();
        } catch (AcmeException e) {
            if (accounts.isGone(account, e)) {
                return new Issuance(spec, accounts.account(spec.site(), Optional.of(account.url()))).run();
            }
            throw e;
        }
    }

    /**
     * One attempt at one certificate, by one account. The site's lock is held, so what was kept last is what is on
     * disk.
     */
    private final class Issuance {

        private final CertificateSpec spec;
        private final Site site;
        private final Account account;
        private Progress progress;

        Issuance(CertificateSpec spec, Account account) throws StoreException {
            this.spec = spec;
            this.site = spec.site();
            this.account = account;
            this.progress = store.progress(site.name());
        }

        CertificateVersion run() throws AcmeException, IssueException, StoreException {
            Optional<Order> before = resume();
            Order order = before.isPresent() ? before.get() : order();
            Validation validation = validation();
            try {
                validation.look(order);
                if (before.isPresent() && order.status() == Order.Status.PENDING && validation.isDead()) {
                    validation.retire();
                    abandon(
                            progress.withoutOrder().withInvalidOrder(clock.instant()),
                            order.url(),
                            "its validation has failed");
                    order = order();
                    validation = validation();
                    validation.look(order);
                }
                CertificateVersion version = collect(finish(validate(order, validation)));
                validation.retire();
                return version;
            } catch (AcmeException e) {
                if (e.kind() == AcmeException.Kind.REFUSED || e.kind() == AcmeException.Kind.NOT_FOUND) {
                    validation.retire();
                    keep(progress.withoutOrder());
                }
                throw e;
            } catch (IssueException e) {
                validation.retire();
                Progress without = progress.withoutOrder();
                keep(
                        e.consequence() instanceof Consequence.Spoiled
                                ? without.withInvalidOrder(clock.instant())
                                : without);
                throw e;
            }
        }

        private Validation validation() {
            return new Validation(authority, challenges, listener, site, account, peerRedirects);
        }

        /** The order of before, where there is one and it can still lead to this certificate. */
        private Optional<Order> resume() throws AcmeException, StoreException {
            if (progress.order().isEmpty()) {
                return Optional.empty();
            }
            Progress.PendingOrder pending = progress.order().get();
            String useless = "something else is wanted now";
            Progress without = progress.withoutOrder();
            if (isWanted(pending)) {
                try {
                    Order order = authority.fetchOrder(account, pending.order());
                    if (order.status() == Order.Status.INVALID) {
                        useless = "it became invalid while nobody looked after it";
                        without = without.withInvalidOrder(clock.instant());
                    } else if (order.status().compareTo(Order.Status.READY) > 0
                            && pending.key().isEmpty()) {
                        useless = "its key is lost";
                    } else {
                        listener.onEvent(site, new IssuanceEvent.Resumed(order.url()));
                        return Optional.of(order.withFinalizeUrl(pending.finalizeUrl()));
                    }
                } catch (AcmeException e) {
                    useless = switch (e.kind()) {
                        case NOT_FOUND -> "the CA does not know it any more";
                        // what CAs say of an order that they have lost: 400, 401, 403 or 410
                        case REFUSED -> "the CA does not show it any more: " + e.getMessage();
                        case ACCOUNT_GONE, RATE_LIMITED, UNREACHABLE, INVALID_RESPONSE, UNUSABLE_CERTIFICATE -> throw e;
                    };
                }
            }
            abandon(without, pending.order(), useless);
            return Optional.empty();
        }

        private void abandon(Progress without, URI order, String reason) throws StoreException {
            keep(without);
            listener.onEvent(site, new IssuanceEvent.Abandoned(order, reason));
        }

        private boolean isWanted(Progress.PendingOrder pending) {
            return pending.directory().equals(authority.directory())
                    && pending.account().equals(account.url())
                    && Set.copyOf(pending.names()).equals(Set.copyOf(site.names()))
                    && pending.profile().equals(spec.profile())
                    && pending.keyType() == spec.keyType();
        }

        private Order order() throws AcmeException, IssueException, StoreException {
            FailureBudget.check(progress.invalidOrders(), clock.instant());
            // an order that cannot be kept would be forgotten, and made again and again
            store.checkProgressWritable(site.name());
            Order order = authority.newOrder(account, new NewOrder(site.names(), spec.profile()));
            keep(progress.withOrder(new Progress.PendingOrder(
                    authority.directory(),
                    account.url(),
                    order.url(),
                    order.finalizeUrl(),
                    site.names(),
                    spec.profile(),
                    spec.keyType(),
                    Optional.empty(),
                    clock.instant())));
            listener.onEvent(site, new IssuanceEvent.Ordered(order.url()));
            return order;
        }

        private Order validate(Order order, Validation validation)
                throws AcmeException, IssueException, StoreException {
            if (order.status() != Order.Status.PENDING) {
                return order;
            }
            validation.complete();
            return authority
                    .awaitStatusChange(account, order.url(), Order.Status.PENDING)
                    .withFinalizeUrl(order.finalizeUrl());
        }

        /** Brings an order whose names are validated to its end. The key is on disk before the CA hears of it. */
        private Order finish(Order order) throws AcmeException, IssueException, StoreException {
            Order last = order;
            if (last.status() == Order.Status.READY) {
                byte[] request = CertificateRequest.of(key(), site.names());
                last = authority.finalizeOrder(account, last, request);
            }
            if (last.status() == Order.Status.PROCESSING) {
                last = authority.awaitStatusChange(account, last.url(), Order.Status.PROCESSING);
            }
            if (last.status() != Order.Status.VALID) {
                throw IssueException.spoiled("The CA made the order invalid."
                        + last.error()
                                .map(problem -> " It says: " + problem.summary())
                                .orElse(""));
            }
            return last;
        }

        private KeyPair key() throws StoreException {
            Progress.PendingOrder pending = progress.order().orElseThrow();
            if (pending.key().isEmpty()) {
                pending = pending.withKey(spec.keyType().generate(random));
                keep(progress.withOrder(pending));
            }
            return pending.key().orElseThrow();
        }

        private CertificateVersion collect(Order order) throws AcmeException, IssueException, StoreException {
            KeyPair key = key();
            List<X509Certificate> chain = chain(order);
            ChainCheck.check(chain, key.getPublic(), site.names(), clock.instant());
            Origin origin = new Origin.Issued(authority.directory(), Optional.of(account.url()), spec.profile());
            // a crash between the two lines that follow is made good here: the version is there already
            Optional<CertificateVersion> there =
                    store.current(site.name()).filter(version -> version.leaf().equals(chain.getFirst()));
            CertificateVersion version =
                    there.isPresent() ? there.get() : store.install(site.name(), key, chain, origin);
            keep(Progress.installed(clock.instant()));
            listener.onEvent(site, new IssuanceEvent.Installed(version));
            return version;
        }

        /** The order is paid for, so a chain that cannot be read is fetched again before another order is made. */
        private List<X509Certificate> chain(Order order) throws AcmeException, IssueException {
            try {
                return authority.downloadCertificate(account, order);
            } catch (AcmeException e) {
                if (e.kind() == AcmeException.Kind.UNUSABLE_CERTIFICATE) {
                    throw IssueException.useless(
                            e.getMessage() + ". Another order would bring the same, so none is made for a day;"
                                    + " when the CA has been mended, \"ringcert renew --force " + site.name()
                                    + "\" orders at once.");
                }
                if (e.kind() != AcmeException.Kind.INVALID_RESPONSE) {
                    throw e;
                }
                Instant last = progress.order().orElseThrow().since().plus(FETCHED_AGAIN);
                if (clock.instant().isBefore(last)) {
                    throw new AcmeException(
                            e.kind(),
                            e.getMessage() + ". It is fetched again; if that fails after " + last
                                    + " as well, this order is left and another is made.",
                            e.problem(),
                            e.retryAfter(),
                            e);
                }
                throw IssueException.spoiled(e.getMessage() + ". Order " + order.url() + " of "
                        + progress.order().orElseThrow().since()
                        + " is left after several tries; the next pass makes another.");
            }
        }

        private void keep(Progress next) throws StoreException {
            store.saveProgress(site.name(), next);
            progress = next;
        }
    }
}
