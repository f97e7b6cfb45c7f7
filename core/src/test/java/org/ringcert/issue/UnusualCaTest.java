package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.Authorization;
import org.ringcert.acme.Order.Status;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Progress;
import org.ringcert.store.StoreException;

/** What some CAs do, within the rules, and most do not. */
class UnusualCaTest {

    @TempDir
    private Path directory;

    private IssuerFixture fixture;

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
    }

    /** Pebble does. A failure must be reported for the right name. */
    @Test
    void authorizationsMayComeInAnotherOrderThanTheNames() {
        fixture.ca.faults.mixesAuthorizations = true;
        fixture.ca.validationResult =
                name -> name.equals(IssuerFixture.BARE) ? Authorization.Status.INVALID : Authorization.Status.VALID;

        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason())
                .contains("could not validate example.org")
                .doesNotContain("could not validate www.example.org");

        fixture.ca.validationResult = _ -> Authorization.Status.VALID;
        assertThat(fixture.issue(IssuerFixture.SPEC).names())
                .containsExactlyInAnyOrder(IssuerFixture.WWW, IssuerFixture.BARE);
    }

    /** Boulder and acmeeh do so with authorizations that are still valid. */
    @Test
    void anOrderMayBeReadyFromTheBeginning() {
        fixture.ca.faults.reusesOrders = true;
        URI order = leaveForgottenOrder();
        fixture.ca.setStatus(order, Status.READY);

        CertificateVersion version = fixture.issue(IssuerFixture.SPEC);

        assertThat(version.names()).containsExactlyInAnyOrder(IssuerFixture.WWW, IssuerFixture.BARE);
        assertThat(fixture.ca.orders()).containsExactly(order);
        assertThat(fixture.ca.count("respond")).as("nothing is validated again").isZero();
    }

    @Test
    void aNewOrderMayBeAnEarlierOneThatIsStillOpen() {
        fixture.ca.faults.reusesOrders = true;
        URI order = leaveForgottenOrder();

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).containsExactly(order);
        assertThat(fixture.ca.count("newOrder")).isEqualTo(2);
    }

    /** The earlier order replaces no certificate, so the CA counts the renewal as a new certificate. */
    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"PENDING", "READY"})
    void aRenewalMayBeAnEarlierOrderThatReplacesNothing(Status status) throws Exception {
        fixture.ca.faults.reusesOrders = true;
        fixture.ca.faults.ignoresReplaces = true;
        CertificateVersion previous = fixture.issue(IssuerFixture.SPEC);
        URI order = leaveForgottenOrder();
        fixture.ca.setStatus(order, status);
        fixture.ca.faults.ignoresReplaces = false;
        fixture.events.clear();

        assertThat(fixture.issue(IssuerFixture.SPEC).leaf()).isNotEqualTo(previous.leaf());

        assertThat(fixture.ca.lastOrder()).isEqualTo(order);
        assertThat(fixture.events)
                .filteredOn(IssuanceEvent.NotAReplacement.class::isInstance)
                .singleElement()
                .satisfies(event -> assertThat(event.toString()).contains("earlier order that is still open"));
    }

    /** As acmeeh does: it says nothing about the first attempts of a validation. */
    @Test
    void aChallengeMayStayPendingWithoutAReason() throws Exception {
        fixture.ca.validationResult = _ -> Authorization.Status.PENDING;
        for (int attempt = 0; attempt < 3; attempt++) {
            fixture.failToIssue(IssuerFixture.SPEC);
        }
        assertThat(fixture.progress().order()).isPresent();
        assertThat(fixture.ca.count("respond")).isEqualTo(6);

        fixture.ca.validationResult = _ -> Authorization.Status.VALID;
        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).hasSize(1);
    }

    /** Caddy issues for 12 hours, step-ca for a day, both dated back by a minute; Boulder dates back by an hour. */
    @ParameterizedTest
    @ValueSource(longs = {12, 24, 160, 365 * 24})
    void certificatesMayBeShortLivedAndDatedBack(long hours) {
        fixture.ca.lifetime = Duration.ofHours(hours);
        fixture.ca.notBeforeOffset = Duration.ofSeconds(-3511);

        assertThat(fixture.issue(IssuerFixture.SPEC).notAfter())
                .isEqualTo(fixture.clock.instant().plusSeconds(-3511).plus(Duration.ofHours(hours)));
    }

    /** Leaves a pending order at the CA that this server knows nothing about. */
    private URI leaveForgottenOrder() {
        fixture.ca.beforeCall = CaFaults.failOn("authorization", Kind.UNREACHABLE);
        fixture.failToIssue(IssuerFixture.SPEC);
        fixture.ca.beforeCall = _ -> {};
        try {
            fixture.store.saveProgress(CertificateName.first(IssuerFixture.WWW), Progress.NONE);
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
        return fixture.ca.lastOrder();
    }
}
