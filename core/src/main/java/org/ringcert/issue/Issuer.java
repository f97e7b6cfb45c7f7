package org.ringcert.issue;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.CertificateId;
import org.ringcert.acme.NewAccount;
import org.ringcert.acme.RateLimitSubject;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.issue.IssuanceException.Effect;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.FailureKind;
import org.ringcert.store.Postponement;
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

    private final IssuerContext context;
    private final AccountRegistration accounts;

    /**
     * @param solver makes challenges solvable
     * @param newAccount what a new account is registered with
     * @param preflight looks at the site before each new order
     * @param failureBudget how many orders of a site may fail at this CA
     */
    public Issuer(
            CertificateAuthority authority,
            Store store,
            ChallengeSolver solver,
            NewAccount newAccount,
            Preflight preflight,
            PeerRedirects peerRedirects,
            FailureBudget failureBudget,
            InstantSource clock,
            SecureRandom random,
            IssuanceListener listener) {
        this.context = new IssuerContext(
                authority, store, solver, preflight, peerRedirects, failureBudget, clock, random, listener);
        this.accounts = new AccountRegistration(context, newAccount);
    }

    /** Returns the URL of the CA's directory. */
    public URI directory() {
        return context.authority().directory();
    }

    /**
     * Orders the certificate and installs it without a test, as {@link #issue(CertificateSpec, CertificateSpec.Source,
     * Preflight.Power, InstallationTest)} does.
     */
    public IssuanceOutcome issue(CertificateSpec spec, CertificateSpec.Source source, Preflight.Power power) {
        return issue(spec, source, power, InstallationTest.NONE);
    }

    /**
     * Orders the certificate and installs it. Blocks until the attempt has ended; an interrupt ends it soon.
     *
     * @param source what to order from this CA
     * @param power whether the look at the site before a new order may postpone it
     * @param test decides whether the new certificate is installed
     */
    public IssuanceOutcome issue(
            CertificateSpec spec, CertificateSpec.Source source, Preflight.Power power, InstallationTest test) {
        try {
            return new IssuanceOutcome.Issued(issueWithAccount(spec, source, power, test));
        } catch (AcmeException e) {
            return isRefusedForNow(e)
                    ? refused(e)
                    : failed(String.valueOf(e.getMessage()), e.retryAfter(), e.fault(), kind(e));
        } catch (IssuanceException e) {
            return switch (e.effect()) {
                case Effect.OrderPostponed(Instant until) -> new IssuanceOutcome.Postponed(e.getMessage(), until);
                case Effect.LookFailed(Postponement postponement) -> new IssuanceOutcome.LookFailed(postponement);
                case Effect.CertificateKept() -> kept(e.getMessage());
                case Effect.OrderFailed(), Effect.OrderAbandoned() ->
                    failed(e.getMessage(), Optional.empty(), e.fault(), FailureKind.COUNTED);
                case Effect.CertificateUnusable() ->
                    failed(
                            e.getMessage(),
                            Optional.of(BackOff.UNUSABLE_CERTIFICATE.delay(1)),
                            e.fault(),
                            FailureKind.COUNTED);
            };
        } catch (StoreException e) {
            // Another CA would not help.
            return failed(e.getMessage(), Optional.empty(), Fault.SITE, FailureKind.UNCOUNTED);
        }
    }

    /**
     * Returns what a new order would be for: the certificate, or that without its unique name if it cannot be validated
     * now. Blocks for seconds at most, and only if there is such a name; an interrupt ends it soon and is preserved.
     */
    public CertificateSpec orderable(CertificateSpec spec, CertificateSpec.Source source) {
        return context.uniqueNameProblem(spec, source).isPresent() ? spec.withoutUniqueName() : spec;
    }

    /**
     * Registers an account at the CA if there is none yet, and orders nothing. What the CA refuses is kept in the store
     * ({@link AccountStore#problem}) and passed to the listener.
     *
     * @return empty if there is an account now; otherwise why not, in a sentence
     */
    public Optional<String> prepareAccount() {
        try {
            Account _ = accounts.account(Optional.empty());
            return Optional.empty();
        } catch (AcmeException | StoreException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Returns whether this node has no account at the CA, according to the store. */
    public boolean lacksAccount() throws StoreException {
        return !context.store().accounts().isRegistered(directory());
    }

    /**
     * Registers an account at the CA if there is none, so that a mistake in its settings shows up before an order needs
     * the account. Does nothing if someone else is registering it. A registration that has failed is repeated after an
     * hour if the CA was down, and after a day if it refused. What the CA refuses is kept in the store and passed to
     * the listener.
     */
    public void registerMissingAccount() {
        try {
            accounts.registerMissing();
        } catch (AcmeException | StoreException e) {
            // The CA's refusal has been reported. If the store cannot be used, an order reports that.
        }
    }

    /**
     * Ends a roll-over of the account's key that was cut off, so that it is known which key the account has, and
     * reports an account that this node has deactivated. Does nothing if there is neither.
     */
    public void maintainAccount() {
        try {
            accounts.maintain();
        } catch (AcmeException | StoreException e) {
            // The next pass asks the CA again. An order that needs the account reports the problem.
        }
    }

    /**
     * Asks the CA when it suggests to renew a certificate (RFC 9773, section 4).
     *
     * @return empty if the CA makes no suggestions, or none for such a certificate
     */
    public Optional<RenewalInfo> renewalInfo(CertificateVersion version) throws AcmeException {
        Optional<CertificateId> id = CertificateId.of(version.leaf());
        return id.isEmpty() ? Optional.empty() : context.authority().renewalInfo(id.get());
    }

    private static boolean isRefusedForNow(AcmeException e) {
        return e.kind() == AcmeException.Kind.RATE_LIMITED && e.retryAfter().isPresent();
    }

    private static IssuanceOutcome refused(AcmeException e) {
        return new IssuanceOutcome.Refused(
                String.valueOf(e.getMessage()), e.retryAfter().orElseThrow(), RateLimitSubject.of(e.problem()));
    }

    private static FailureKind kind(AcmeException e) {
        return switch (e.kind()) {
            // The CA answers, but does not end a validation, and says why: the site's failure.
            case UNREACHABLE -> e.fault() == Fault.SITE ? FailureKind.COUNTED : FailureKind.UNREACHABLE;
            case INVALID_RESPONSE, WRONG_CLOCK -> FailureKind.UNCOUNTED;
            case RATE_LIMITED -> FailureKind.RATE_LIMITED;
            case ACCOUNT_GONE, NOT_FOUND, REFUSED, ALREADY_REPLACED, UNUSABLE_CERTIFICATE -> FailureKind.COUNTED;
        };
    }

    private static IssuanceOutcome kept(String reason) {
        // An interrupted test says nothing.
        return Thread.currentThread().isInterrupted()
                ? new IssuanceOutcome.Interrupted()
                : new IssuanceOutcome.Kept(reason);
    }

    private IssuanceOutcome failed(String reason, Optional<Duration> retryAfter, Fault fault, FailureKind kind) {
        // On an interrupted thread the interrupt is the cause: neither the CA nor the disk can be used any more.
        return Thread.currentThread().isInterrupted()
                ? new IssuanceOutcome.Interrupted()
                : new IssuanceOutcome.Failed(reason, retryAfter, fault, kind);
    }

    private CertificateVersion issueWithAccount(
            CertificateSpec spec, CertificateSpec.Source source, Preflight.Power power, InstallationTest test)
            throws AcmeException, IssuanceException, StoreException {
        Account account = accounts.account(Optional.empty());
        try {
            return new Issuance(context, spec, source, power, test, account).run();
        } catch (AcmeException e) {
            Optional<Account> rolledOver = accounts.withChangedKey(account);
            if (rolledOver.isPresent()) {
                return new Issuance(context, spec, source, power, test, rolledOver.get()).run();
            }
            if (accounts.isLost(account, e)) {
                Account replacement = accounts.account(Optional.of(account));
                return new Issuance(context, spec, source, power, test, replacement).run();
            }
            throw e;
        }
    }
}
