package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ExternalAccountBinding;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CaFaults;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.issue.FakeCa;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.issue.Issuer;
import org.ringcert.issue.IssuerFixture;
import org.ringcert.issue.ManualClock;
import org.ringcert.pki.KeyType;
import org.ringcert.store.AuthorityProgress;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.StoreException;

/** Renewals with two fake CAs in order of preference, a real store and a manual clock. */
final class TwoCas {

    static final URI FIRST = FakeCa.DIRECTORY;
    static final URI SECOND = URI.create("https://second.example.net/dir");
    static final Site SITE = IssuerFixture.SPEC.site();
    static final CertificateSpec SPEC = spec(SITE, FIRST, SECOND);

    final IssuerFixture fixture;
    final ManualClock clock;
    final FakeCa first;
    final FakeCa second;
    final List<CertificateVersion> deployed = new CopyOnWriteArrayList<>();
    private CanaryView canaries = CanaryView.NONE;
    private List<Issuer> issuers;
    private Renewals renewals;

    TwoCas(Path directory) throws StoreException {
        fixture = new IssuerFixture(directory);
        clock = fixture.clock;
        first = fixture.ca;
        second = new FakeCa(clock, SECOND);
        issuers = issuers(Optional.empty());
        renewals = restarted();
    }

    static CertificateSpec spec(Site site, URI... directories) {
        return new CertificateSpec(
                site,
                Stream.of(directories)
                        .map(directory -> new Source(directory, KeyType.EC256, Optional.empty()))
                        .toList());
    }

    private List<Issuer> issuers(Optional<ExternalAccountBinding> binding) {
        return List.of(fixture.issuer(first, Optional.empty()), fixture.issuer(second, binding));
    }

    /** Starts the process again with this binding for the second CA. */
    void bindAtSecond(ExternalAccountBinding binding) {
        issuers = issuers(Optional.of(binding));
        restart();
    }

    /** Starts the process again with what it sees of the canary. */
    void see(CanaryView view) {
        canaries = view;
        restart();
    }

    /** Returns renewals without anything that a process remembers. */
    private Renewals restarted() {
        return new Renewals(
                fixture.store,
                issuers,
                fixture.recorder(),
                canaries,
                OrderTurns.AT_ONCE,
                versions -> {
                    deployed.addAll(versions);
                    return Map.of();
                },
                _ -> Optional.empty(),
                clock,
                new SecureRandom());
    }

    /** Starts the process again, in effect. */
    void restart() {
        renewals = restarted();
    }

    /** Returns what renews a site on the caller's thread, without deploying anything. */
    SiteRenewer renewer() {
        Map<URI, Issuer> byDirectory =
                issuers.stream().collect(Collectors.toMap(Issuer::directory, Function.identity()));
        return new SiteRenewer(
                fixture.store,
                byDirectory,
                fixture.recorder(),
                CanaryView.NONE,
                OrderTurns.AT_ONCE,
                clock,
                new SecureRandom());
    }

    Renewals renewals() {
        return renewals;
    }

    RenewalResult pass() {
        return pass(SPEC, RenewalMode.DUE_ONLY);
    }

    RenewalResult pass(CertificateSpec spec, RenewalMode mode) {
        return renewals.pass(List.of(spec), mode).getFirst();
    }

    /** Lets each pass begin when the previous one asks for it, until the time is over. Returns the results. */
    List<RenewalResult> passesFor(Duration duration) {
        List<RenewalResult> results = new ArrayList<>();
        Instant end = clock.instant().plus(duration);
        while (clock.instant().isBefore(end)) {
            RenewalResult result = pass();
            results.add(result);
            Instant next = result.next();
            clock.set(next.isBefore(end) ? next : end);
        }
        return results;
    }

    static FakeCa.CallHook down() {
        return failing(Kind.UNREACHABLE, Optional.empty());
    }

    static FakeCa.CallHook failing(Kind kind, Optional<Duration> retryAfter) {
        return call -> {
            if (!FakeCa.method(call).equals("renewalInfo")) {
                throw CaFaults.failure(kind, "the test says " + kind, retryAfter);
            }
        };
    }

    AuthorityProgress progress(URI directory) throws StoreException {
        return fixture.store.progress(CertificateName.first(SITE.name())).at(directory);
    }

    /** Returns the CA of the current certificate; empty if that is self-signed. */
    Optional<URI> currentCa() throws StoreException {
        return fixture.store
                .current(CertificateName.first(SITE.name()))
                .map(CertificateVersion::origin)
                .flatMap(origin -> switch (origin) {
                    case Origin.IssuedByCa issued -> Optional.of(issued.directory());
                    case Origin.SelfSigned() -> Optional.empty();
                });
    }

    List<IssuanceEvent.FallsBack> fallbacks() {
        return fixture.events.stream()
                .filter(IssuanceEvent.FallsBack.class::isInstance)
                .map(IssuanceEvent.FallsBack.class::cast)
                .toList();
    }

    CertificateVersion current() throws StoreException {
        return fixture.store.current(CertificateName.first(SITE.name())).orElseThrow();
    }

    /** Lets the first CA fail until it counts as down. */
    void letTheFirstCaFailForAnHour() {
        first.beforeCall = down();
        assertThat(passesFor(Duration.ofHours(1))).hasSize(9).allMatch(RenewalResult.Failed.class::isInstance);
    }
}
