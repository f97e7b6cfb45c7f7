package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.CertificateId;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.StoreException;

/** Which certificate an order says that it replaces (RFC 9773, section 5). */
class ReplacedCertificateTest {

    private static final Optional<CertificateId> NONE = Optional.empty();

    @TempDir
    private Path directory;

    private IssuerFixture fixture;

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
    }

    private static Optional<CertificateId> id(CertificateVersion version) {
        return CertificateId.of(version.leaf());
    }

    /** Installs a certificate of the CA for these names, with that origin. */
    private CertificateVersion install(Origin origin, HostName... names) throws StoreException {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        List<X509Certificate> chain = fixture.ca.issuer.chain(
                key.getPublic().getEncoded(),
                List.of(names),
                fixture.clock.instant(),
                fixture.clock.instant().plus(Duration.ofDays(90)));
        return fixture.store.install(CertificateName.first(IssuerFixture.WWW), key, chain, origin);
    }

    private Origin origin(URI ca, Optional<URI> account) {
        return new Origin.IssuedByCa(ca, account, Optional.empty());
    }

    private Optional<URI> account() throws StoreException {
        Optional<String> _ = fixture.issuer.prepareAccount();
        return fixture.store.accounts().find(FakeCa.DIRECTORY).orElseThrow().url();
    }

    @Test
    void namesTheCertificateThatTheSameAccountGotThere() {
        CertificateVersion first = fixture.issue(IssuerFixture.SPEC);
        assertThat(fixture.ca.lastReplaced()).isEmpty();

        CertificateVersion second = fixture.issue(IssuerFixture.SPEC);
        assertThat(fixture.ca.lastReplaced()).isPresent().isEqualTo(id(first));

        fixture.issue(IssuerFixture.SPEC);
        assertThat(fixture.ca.lastReplaced()).isEqualTo(id(second));
        assertThat(fixture.events).noneMatch(IssuanceEvent.NotAReplacement.class::isInstance);
    }

    @Test
    void namesACertificateThatSharesOnlyOneName() throws Exception {
        CertificateVersion current =
                install(origin(FakeCa.DIRECTORY, account()), IssuerFixture.WWW, new HostName("former.example.org"));

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.lastReplaced()).isEqualTo(id(current));
    }

    @Test
    void namesNoCertificateWithOtherNames() throws Exception {
        install(origin(FakeCa.DIRECTORY, account()), new HostName("former.example.org"));

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.lastReplaced()).isEqualTo(NONE);
    }

    @Test
    void namesNoCertificateOfAnotherAccountOrAnUnknownOne() throws Exception {
        Optional<URI> account = account();
        for (Optional<URI> other :
                List.of(Optional.of(FakeCa.DIRECTORY.resolve("/account/99")), Optional.<URI>empty())) {
            assertThat(other).isNotEqualTo(account);
            install(origin(FakeCa.DIRECTORY, other), IssuerFixture.WWW, IssuerFixture.BARE);

            fixture.issue(IssuerFixture.SPEC);

            assertThat(fixture.ca.lastReplaced()).isEqualTo(NONE);
        }
    }

    @Test
    void namesNoCertificateOfAnotherCa() throws Exception {
        install(origin(URI.create("https://other.example.net/dir"), account()), IssuerFixture.WWW, IssuerFixture.BARE);

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.lastReplaced()).isEqualTo(NONE);
    }

    @Test
    void namesNoSelfSignedCertificate() throws Exception {
        CertificateVersion _ = fixture.store.ensureSelfSigned(
                IssuerFixture.SPEC.name(), IssuerFixture.SPEC.site(), KeyType.EC256, new SecureRandom());

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.lastReplaced()).isEqualTo(NONE);
    }

    @Test
    void namesNoCertificateWhenTheAccountWasReplaced() {
        fixture.issue(IssuerFixture.SPEC);
        fixture.ca.forgetAccounts();

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.lastReplaced()).isEqualTo(NONE);
    }

    @Test
    void namesTheCertificateEvenIfOtherThingsOfTheSiteHaveChanged() {
        CertificateVersion current = fixture.issue(IssuerFixture.SPEC);

        fixture.issue(IssuerFixture.spec(
                new Site(List.of(IssuerFixture.WWW, new HostName("new.example.org"))),
                KeyType.EC384,
                Optional.of("shortlived")));

        assertThat(fixture.ca.lastReplaced()).isEqualTo(id(current));
    }

    /** As acmeeh does for every certificate's identifier. */
    @Test
    void ordersAgainWithoutIfTheCaDoesNotFindTheCertificate() throws Exception {
        fixture.issue(IssuerFixture.SPEC);
        long previous = fixture.ca.count("newOrder");
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("newOrder") && fixture.ca.count("newOrder") == previous + 1) {
                throw CaFaults.failure(AcmeException.Kind.NOT_FOUND, "there is no such certificate");
            }
        };

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.count("newOrder")).isEqualTo(previous + 2);
        assertThat(fixture.ca.lastReplaced()).isEqualTo(NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"malformed", "unauthorized", "serverInternal"})
    void ordersAgainWithoutIfTheCaRefusesIt(String type) throws Exception {
        fixture.issue(IssuerFixture.SPEC);
        boolean isServerError = type.equals("serverInternal");
        AcmeException refusal = CaFaults.refusal(isServerError ? 500 : 403, type, "not with that replaces");
        long previous = fixture.ca.count("newOrder");
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("newOrder") && fixture.ca.count("newOrder") == previous + 1) {
                throw refusal;
            }
        };

        if (isServerError) {
            assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason()).contains("not with that");
            return;
        }
        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.count("newOrder")).isEqualTo(previous + 2);
        assertThat(fixture.ca.lastReplaced()).isEqualTo(NONE);
        assertThat(fixture.events)
                .filteredOn(IssuanceEvent.NotAReplacement.class::isInstance)
                .containsExactly(
                        new IssuanceEvent.NotAReplacement(fixture.ca.lastOrder(), "refused: not with that replaces"));
    }

    @Test
    void ordersAgainWithoutIfAnotherOrderReplacesItAlready() throws Exception {
        CertificateVersion current = fixture.issue(IssuerFixture.SPEC);
        fixture.ca.beforeCall = CaFaults.failOn("authorization", Kind.NOT_FOUND);
        fixture.failToIssue(IssuerFixture.SPEC);
        assertThat(fixture.ca.lastReplaced()).isEqualTo(id(current));
        assertThat(fixture.progress().order()).as("it is lost").isEmpty();
        fixture.ca.beforeCall = _ -> {};

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.lastReplaced()).isEqualTo(NONE);
        assertThat(fixture.events)
                .filteredOn(IssuanceEvent.NotAReplacement.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        IssuanceEvent.NotAReplacement.class,
                        event -> assertThat(event.reason()).contains("another order replaces"));
    }

    @Test
    void aLimitThatARenewalWouldNotHaveReachedIsExplainedByTheFirstRefusal() throws Exception {
        fixture.issue(IssuerFixture.SPEC);
        fixture.ca.beforeCall = CaFaults.failOn("authorization", Kind.NOT_FOUND);
        fixture.failToIssue(IssuerFixture.SPEC);
        long previous = fixture.ca.count("newOrder");
        Optional<Duration> retryAfter = Optional.of(Duration.ofHours(34));
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("newOrder") && fixture.ca.count("newOrder") == previous + 2) {
                throw new AcmeException(Kind.RATE_LIMITED, "too many certificates", Optional.empty(), retryAfter, null);
            }
        };

        assertThat(fixture.issuer.issue(
                        IssuerFixture.SPEC, IssuerFixture.SPEC.preferredSource(), Preflight.Power.MAY_POSTPONE))
                .isInstanceOfSatisfying(IssuanceOutcome.Refused.class, refused -> {
                    assertThat(refused.reason())
                            .contains("another order replaces")
                            .endsWith(" too many certificates");
                    assertThat(Optional.of(refused.retryAfter())).isEqualTo(retryAfter);
                });
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"RATE_LIMITED", "UNREACHABLE", "INVALID_RESPONSE"})
    void ordersOnlyOnceIfTheCaCannotOrWillNotAnswer(Kind kind) {
        fixture.issue(IssuerFixture.SPEC);
        fixture.ca.beforeCall = CaFaults.failOn("newOrder", kind);
        fixture.ca.calls.clear();

        fixture.failToIssue(IssuerFixture.SPEC);

        assertThat(fixture.ca.count("newOrder")).isEqualTo(1);
    }

    @Test
    void reportsTheSecondRefusalIfBothOrdersAreRefused() {
        fixture.issue(IssuerFixture.SPEC);
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("newOrder")) {
                throw CaFaults.refusal(400, "rejectedIdentifier", "attempt " + fixture.ca.count("newOrder"));
            }
        };
        fixture.ca.calls.clear();

        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason()).contains("attempt 2");

        assertThat(fixture.ca.count("newOrder")).isEqualTo(2);
    }

    @Test
    void goesOnWithAnOrderWithoutTheCasConfirmation() {
        fixture.issue(IssuerFixture.SPEC);
        fixture.ca.faults.ignoresReplaces = true;

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).hasSize(2);
        assertThat(fixture.events)
                .filteredOn(IssuanceEvent.NotAReplacement.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(IssuanceEvent.NotAReplacement.class, event -> {
                    assertThat(event.order()).isEqualTo(fixture.ca.lastOrder());
                    assertThat(event.reason()).contains("did not confirm");
                });
    }

    /** As most private CAs. There is nothing that such a CA could confirm. */
    @Test
    void replacesNothingAtACaWithoutRenewalInformation() {
        fixture.ca.faults.hasNoRenewalInfo = true;
        fixture.issue(IssuerFixture.SPEC);

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.lastReplaced()).isEmpty();
        assertThat(fixture.events).noneMatch(IssuanceEvent.NotAReplacement.class::isInstance);
    }

    @Test
    void aResumedOrderIsNotOrderedAgain() {
        CertificateVersion current = fixture.issue(IssuerFixture.SPEC);
        fixture.ca.beforeCall = CaFaults.failOn("respond", Kind.UNREACHABLE);
        fixture.failToIssue(IssuerFixture.SPEC);
        fixture.ca.beforeCall = _ -> {};

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).hasSize(2);
        assertThat(fixture.ca.lastReplaced()).isEqualTo(id(current));
        assertThat(fixture.events).noneMatch(IssuanceEvent.NotAReplacement.class::isInstance);
    }
}
