package org.ringcert.issue;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ringcert.acme.ExternalAccountBinding;
import org.ringcert.acme.NewAccount;
import org.ringcert.challenge.Challenges;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import org.ringcert.store.AuthorityProgress;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.PendingRollout;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** An issuer with a real store, a fake CA and a manual clock. */
public final class IssuerFixture {

    public static final HostName WWW = new HostName("www.example.org");
    public static final HostName BARE = new HostName("example.org");
    public static final CertificateSpec SPEC = spec(new Site(List.of(WWW, BARE)), KeyType.EC256, Optional.empty());

    public final ManualClock clock = new ManualClock();
    public final FakeCa ca = new FakeCa(clock);
    public final List<IssuanceEvent> events = new CopyOnWriteArrayList<>();
    public final List<AccountEvent> accountEvents = new CopyOnWriteArrayList<>();
    public final Store store;

    /** Looks before orders. */
    public volatile Preflight preflight = Preflight.NONE;

    public final Challenges challenges;
    public final Issuer issuer;

    public IssuerFixture(Path directory) throws StoreException {
        store = Store.open(directory.resolve("store"), clock);
        challenges = new Challenges(store, List.of(), clock);
        issuer = issuer(ca, Optional.empty());
    }

    /** Returns an issuer of another CA with the same store. */
    public Issuer issuer(FakeCa authority, Optional<ExternalAccountBinding> binding) {
        return issuer(authority, binding, FailureBudget.STANDARD);
    }

    /** Returns an issuer that stays within a budget. */
    Issuer issuer(FakeCa authority, Optional<ExternalAccountBinding> binding, FailureBudget failureBudget) {
        return new Issuer(
                authority,
                store,
                new Http01Solver(challenges),
                new NewAccount(Optional.of("hostmaster@example.org"), binding),
                new Preflight() {
                    @Override
                    public Result look(CertificateSpec spec, CertificateSpec.Source source) {
                        return preflight.look(spec, source);
                    }

                    @Override
                    public Optional<String> uniqueNameProblem(CertificateSpec spec, CertificateSpec.Source source) {
                        return preflight.uniqueNameProblem(spec, source);
                    }
                },
                PeerRedirects.POSSIBLE,
                failureBudget,
                clock,
                new SecureRandom(),
                recorder());
    }

    /** Returns a listener that adds to {@link #events} and {@link #accountEvents}. */
    public IssuanceListener recorder() {
        return new IssuanceListener() {
            @Override
            public void onEvent(CertificateName name, IssuanceEvent event) {
                events.add(event);
            }

            @Override
            public void onAccountEvent(URI directory, AccountEvent event) {
                accountEvents.add(event);
            }
        };
    }

    /** Returns a spec whose only CA is the fake one. */
    public static CertificateSpec spec(Site site, KeyType keyType, Optional<String> profile) {
        return new CertificateSpec(site, List.of(new CertificateSpec.Source(FakeCa.DIRECTORY, keyType, profile)));
    }

    /** Returns what is under way at the fake CA. */
    public AuthorityProgress progress() throws StoreException {
        return store.progress(CertificateName.first(WWW)).at(FakeCa.DIRECTORY);
    }

    /** Returns the deployment that is pending, if any. */
    public Optional<Progress.PendingTask> pendingDeployment() throws StoreException {
        return store.progress(CertificateName.first(WWW))
                .rollout()
                .filter(PendingRollout.Undeployed.class::isInstance)
                .map(PendingRollout::task);
    }

    /** Returns the served check that is pending, if any. */
    public Optional<Progress.PendingTask> pendingServedCheck() throws StoreException {
        return store.progress(CertificateName.first(WWW))
                .rollout()
                .filter(PendingRollout.Unserved.class::isInstance)
                .map(PendingRollout::task);
    }

    public X509Certificate current() throws StoreException {
        return store.current(CertificateName.first(WWW))
                .map(CertificateVersion::leaf)
                .orElseThrow();
    }

    /** Issues a certificate, and fails the test unless that fails. */
    IssuanceOutcome.Failed failToIssue(CertificateSpec spec) {
        return switch (issuer.issue(spec, spec.preferredSource(), Preflight.Power.MAY_POSTPONE)) {
            case IssuanceOutcome.Failed failed -> failed;
            case IssuanceOutcome.Issued issued -> throw new AssertionError("issued " + issued.version());
            case IssuanceOutcome.Postponed postponed -> throw new AssertionError(postponed.reason());
            case IssuanceOutcome.Refused refused -> throw new AssertionError(refused.reason());
            case IssuanceOutcome.LookFailed postponed ->
                throw new AssertionError(postponed.postponement().reason());
            case IssuanceOutcome.Kept(String reason) -> throw new AssertionError("kept: " + reason);
            case IssuanceOutcome.Interrupted _ -> throw new AssertionError("interrupted");
        };
    }

    /** Issues a certificate, and fails the test unless that succeeds. */
    CertificateVersion issue(CertificateSpec spec) {
        return switch (issuer.issue(spec, spec.preferredSource(), Preflight.Power.MAY_POSTPONE)) {
            case IssuanceOutcome.Issued(CertificateVersion version) -> version;
            case IssuanceOutcome.Failed failed -> throw new AssertionError(failed.reason());
            case IssuanceOutcome.Postponed postponed -> throw new AssertionError(postponed.reason());
            case IssuanceOutcome.Refused refused -> throw new AssertionError(refused.reason());
            case IssuanceOutcome.LookFailed postponed ->
                throw new AssertionError(postponed.postponement().reason());
            case IssuanceOutcome.Kept(String reason) -> throw new AssertionError("kept: " + reason);
            case IssuanceOutcome.Interrupted _ -> throw new AssertionError("interrupted");
        };
    }
}
