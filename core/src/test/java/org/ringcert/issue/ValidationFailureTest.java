package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.Authorization;
import org.ringcert.store.StoreException;

/**
 * A validation that failed, as CAs show it in their several ways: it ends at once, and its order is never taken up
 * again.
 */
class ValidationFailureTest {

    @TempDir
    private Path folder;

    private IssuerFixture fixture;

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(folder);
    }

    @ParameterizedTest
    @EnumSource
    void itIsSaidInTheWordsOfTheCaAndTheNextTryOrdersAnew(CaFaults.FailedValidation failedValidation) throws Exception {
        fixture.ca.faults.failedValidation = failedValidation;
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;

        assertThat(fixture.fails(IssuerFixture.SPEC).reason())
                .contains("nobody answered for www.example.org")
                .contains("nobody answered for example.org")
                .doesNotContain("relay");
        assertThat(fixture.progress().order()).isEmpty();

        fixture.ca.validationResult = _ -> Authorization.Status.VALID;
        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhatTheCaMadeInvalidCountsAgainstTheBudgetOfFailures(CaFaults.FailedValidation failedValidation)
            throws Exception {
        fixture.ca.faults.failedValidation = failedValidation;
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;
        fixture.fails(IssuerFixture.SPEC);

        boolean isInvalid = failedValidation == CaFaults.FailedValidation.ALL_INVALID
                || failedValidation == CaFaults.FailedValidation.CHALLENGE_INVALID;
        assertThat(fixture.progress().invalidOrders()).hasSize(isInvalid ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource
    void aNameThatIsValidBesideItIsStillWaitedFor(CaFaults.FailedValidation failedValidation) {
        fixture.ca.faults.failedValidation = failedValidation;
        fixture.ca.validationResult =
                name -> name.equals(IssuerFixture.BARE) ? Authorization.Status.INVALID : Authorization.Status.VALID;

        assertThat(fixture.fails(IssuerFixture.SPEC).reason()).contains("could not validate example.org");

        assertThat(fixture.events).contains(new IssuanceEvent.Validated(IssuerFixture.WWW));
    }

    /** A process that died before it heard of the failure left such an order behind; so did Ringcert 0.1.0. */
    @ParameterizedTest
    @EnumSource(names = {"ALL_INVALID", "CHALLENGE_INVALID"})
    void anOrderThatIsFoundDeadIsNoFailureOfTheSiteAndIsOrderedAnewAtOnce(CaFaults.FailedValidation failedValidation)
            throws Exception {
        URI order = leaveUnanswered();
        fixture.ca.faults.failedValidation = failedValidation;
        fixture.ca.failValidation(order);

        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.events)
                .anyMatch(step -> step instanceof IssuanceEvent.Abandoned left
                        && left.order().equals(order));
        assertThat(fixture.ca.orders()).hasSize(2);
    }

    @Test
    void anOrderWhoseChallengeIsPendingWithAnErrorIsAnsweredAgain() throws Exception {
        URI order = leaveUnanswered();
        fixture.ca.faults.failedValidation = CaFaults.FailedValidation.CHALLENGE_PENDING;
        fixture.ca.failValidation(order);

        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).containsExactly(order);
    }

    @Test
    void anOrderOfWhichNobodyCanTellIsAnsweredAgainAndLeftWhenThatIsRefused() throws Exception {
        URI order = leaveUnanswered();
        fixture.ca.faults.failedValidation = CaFaults.FailedValidation.RESPONSE_REFUSED;
        fixture.ca.failValidation(order);

        assertThat(fixture.fails(IssuerFixture.SPEC).reason())
                .contains("www.example.org", "the challenge is not pending");
        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).hasSize(2);
    }

    private URI leaveUnanswered() {
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("respond")) {
                throw CaFaults.failure(Kind.UNREACHABLE, "gone");
            }
        };
        fixture.fails(IssuerFixture.SPEC);
        fixture.ca.beforeCall = _ -> {};
        return fixture.ca.lastOrder();
    }

    @Test
    void aCaThatGivesNoReasonMayFollowNoRedirects() throws Exception {
        fixture.ca.validationResult = _ -> Authorization.Status.EXPIRED;

        assertThat(fixture.fails(IssuerFixture.SPEC).reason())
                .contains("could not validate www.example.org", "gives no reason", "handoff = \"relay\"");
    }
}
