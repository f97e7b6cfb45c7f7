package org.ringcert.issue;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ringcert.challenge.Challenges;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** An issuer with a real store, a fake CA and a manual clock. */
public final class IssuerFixture {

    public static final HostName WWW = new HostName("www.example.org");
    public static final HostName BARE = new HostName("example.org");
    public static final CertificateSpec SPEC =
            new CertificateSpec(new Site(List.of(WWW, BARE)), KeyType.EC256, Optional.empty());

    public final ManualClock clock = new ManualClock();
    public final FakeCa ca = new FakeCa(clock);
    public final List<IssuanceEvent> events = new CopyOnWriteArrayList<>();
    public final Store store;
    public final Challenges challenges;
    public final Issuer issuer;

    public IssuerFixture(Path directory) throws StoreException {
        store = Store.open(directory.resolve("store"), clock);
        challenges = new Challenges(store, List.of(), clock);
        issuer = new Issuer(
                ca,
                store,
                challenges,
                Optional.of("hostmaster@example.org"),
                PeerRedirects.POSSIBLE,
                clock,
                new SecureRandom(),
                (_, event) -> events.add(event));
    }

    public Progress progress() throws StoreException {
        return store.progress(WWW);
    }

    public X509Certificate current() throws StoreException {
        return store.current(WWW).map(CertificateVersion::leaf).orElseThrow();
    }

    /** Issues a certificate, and fails the test unless that fails. */
    IssuanceOutcome.Failed failToIssue(CertificateSpec spec) {
        return switch (issuer.issue(spec)) {
            case IssuanceOutcome.Failed failed -> failed;
            case IssuanceOutcome.Issued issued -> throw new AssertionError("issued " + issued.version());
            case IssuanceOutcome.Postponed postponed -> throw new AssertionError(postponed.reason());
            case IssuanceOutcome.Interrupted _ -> throw new AssertionError("interrupted");
        };
    }

    /** Issues a certificate, and fails the test unless that succeeds. */
    CertificateVersion issue(CertificateSpec spec) {
        return switch (issuer.issue(spec)) {
            case IssuanceOutcome.Issued(CertificateVersion version) -> version;
            case IssuanceOutcome.Failed failed -> throw new AssertionError(failed.reason());
            case IssuanceOutcome.Postponed postponed -> throw new AssertionError(postponed.reason());
            case IssuanceOutcome.Interrupted _ -> throw new AssertionError("interrupted");
        };
    }
}
