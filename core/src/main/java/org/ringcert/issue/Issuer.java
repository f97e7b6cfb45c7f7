package org.ringcert.issue;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.challenge.Challenges;
import org.ringcert.cluster.Site;
import org.ringcert.issue.IssuanceException.Effect;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * Gets certificates from one CA: account, order, challenges, key, certificate request, chain, store. Everything that
 * counts towards the CA's limits or cannot be recreated is on disk before the next step. An attempt that is cut off,
 * even by the end of the process, is therefore continued where it stopped.
 *
 * <p>Safe for any number of threads. The caller holds the site's lock ({@link Store#tryLock}).
 */
public final class Issuer {

    /** The delay before the next order after the CA issued an unusable certificate. A person has to fix the CA. */
    private static final Duration UNUSABLE_RETRY_DELAY = Duration.ofDays(1);

    private final CertificateAuthority authority;
    private final Store store;
    private final Challenges challenges;
    private final PeerRedirects peerRedirects;
    private final InstantSource clock;
    private final SecureRandom random;
    private final IssuanceListener listener;
    private final AccountRegistration accounts;

    /** @param contact the e-mail address for a new account, if any */
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

    /** Returns the URL of the CA's directory. */
    public URI directory() {
        return authority.directory();
    }

    /** Orders the certificate and installs it. Blocks until the attempt has ended; an interrupt ends it soon. */
    public IssuanceOutcome issue(CertificateSpec spec) {
        try {
            return new IssuanceOutcome.Issued(issueWithAccount(spec));
        } catch (AcmeException e) {
            return failed(String.valueOf(e.getMessage()), e.retryAfter());
        } catch (IssuanceException e) {
            return switch (e.effect()) {
                case Effect.OrderPostponed(Instant until) -> new IssuanceOutcome.Postponed(e.getMessage(), until);
                case Effect.OrderFailed(), Effect.OrderAbandoned() -> failed(e.getMessage(), Optional.empty());
                case Effect.CertificateUnusable() -> failed(e.getMessage(), Optional.of(UNUSABLE_RETRY_DELAY));
            };
        } catch (StoreException e) {
            return failed(e.getMessage(), Optional.empty());
        }
    }

    /**
     * Registers an account at the CA if there is none yet, and orders nothing.
     *
     * @param site the site that needs the account, passed to the listener
     * @return empty if there is an account now; otherwise why not, in a sentence
     */
    public Optional<String> prepareAccount(Site site) {
        try {
            Account _ = accounts.account(site, Optional.empty());
            return Optional.empty();
        } catch (AcmeException | StoreException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private IssuanceOutcome failed(String reason, Optional<Duration> retryAfter) {
        // On an interrupted thread the interrupt is the cause: neither the CA nor the disk can be used any more.
        return Thread.currentThread().isInterrupted()
                ? new IssuanceOutcome.Interrupted()
                : new IssuanceOutcome.Failed(reason, retryAfter);
    }

    private CertificateVersion issueWithAccount(CertificateSpec spec)
            throws AcmeException, IssuanceException, StoreException {
        Account account = accounts.account(spec.site(), Optional.empty());
        try {
            return issuance(spec, account).run();
        } catch (AcmeException e) {
            if (accounts.isLost(account, e)) {
                Account replacement = accounts.account(spec.site(), Optional.of(account.url()));
                return issuance(spec, replacement).run();
            }
            throw e;
        }
    }

    private Issuance issuance(CertificateSpec spec, Account account) throws StoreException {
        return new Issuance(authority, store, challenges, peerRedirects, clock, random, listener, spec, account);
    }
}
