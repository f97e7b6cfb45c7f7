package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.Authorization;
import org.ringcert.store.StoreException;

/**
 * Failed validations. CAs report them in different ways. In each case the attempt ends at once, and its order is not
 * used again.
 */
class ValidationFailureTest {

    @TempDir
    private Path directory;

    private IssuerFixture fixture;

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
    }

    @ParameterizedTest
    @EnumSource
    void reportsTheCasExplanationAndMakesANewOrderNextTime(CaFaults.FailedValidation failedValidation)
            throws Exception {
        fixture.ca.faults.failedValidation = failedValidation;
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;

        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason())
                .contains("nobody answered for www.example.org")
                .contains("nobody answered for example.org")
                .doesNotContain("relay");
        assertThat(fixture.progress().order()).isEmpty();

        fixture.ca.validationResult = _ -> Authorization.Status.VALID;
        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void countsOnlyFailedOrdersAgainstTheFailureBudget(CaFaults.FailedValidation failedValidation) throws Exception {
        fixture.ca.faults.failedValidation = failedValidation;
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;
        fixture.failToIssue(IssuerFixture.SPEC);

        boolean isInvalid = failedValidation != CaFaults.FailedValidation.CHALLENGE_PENDING
                && failedValidation != CaFaults.FailedValidation.RESPONSE_REFUSED;
        assertThat(fixture.progress().failedOrders()).hasSize(isInvalid ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource
    void validatesTheOtherNamesNevertheless(CaFaults.FailedValidation failedValidation) {
        fixture.ca.faults.failedValidation = failedValidation;
        fixture.ca.validationResult =
                name -> name.equals(IssuerFixture.BARE) ? Authorization.Status.INVALID : Authorization.Status.VALID;

        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason()).contains("could not validate example.org");

        assertThat(fixture.events).contains(new IssuanceEvent.Validated(IssuerFixture.WWW, List.of()));
    }

    /** Left behind by a process that died before it learned of the failure, and by Ringcert 0.1.0. */
    @ParameterizedTest
    @EnumSource(names = {"ALL_INVALID", "AUTHORIZATION_INVALID", "CHALLENGE_INVALID"})
    void replacesAnOrderWhoseValidationFailedBetweenAttempts(CaFaults.FailedValidation failedValidation)
            throws Exception {
        URI order = leaveOrderWithoutResponse();
        fixture.ca.faults.failedValidation = failedValidation;
        fixture.ca.failValidation(order);

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.events)
                .anyMatch(event -> event instanceof IssuanceEvent.Abandoned abandoned
                        && abandoned.order().equals(order));
        assertThat(fixture.ca.orders()).hasSize(2);
    }

    @Test
    void respondsAgainToAChallengeThatIsPendingWithAnError() throws Exception {
        URI order = leaveOrderWithoutResponse();
        fixture.ca.faults.failedValidation = CaFaults.FailedValidation.CHALLENGE_PENDING;
        fixture.ca.failValidation(order);

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).containsExactly(order);
    }

    @Test
    void abandonsAnOrderWhoseSecondResponseIsRefused() throws Exception {
        URI order = leaveOrderWithoutResponse();
        fixture.ca.faults.failedValidation = CaFaults.FailedValidation.RESPONSE_REFUSED;
        fixture.ca.failValidation(order);

        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason())
                .contains("www.example.org", "the challenge is not pending");
        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.orders()).hasSize(2);
    }

    private URI leaveOrderWithoutResponse() {
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("respond")) {
                throw CaFaults.failure(Kind.UNREACHABLE, "no answer");
            }
        };
        fixture.failToIssue(IssuerFixture.SPEC);
        fixture.ca.beforeCall = _ -> {};
        return fixture.ca.lastOrder();
    }

    @Test
    void advisesRelayIfTheCaGivesNoReason() throws Exception {
        fixture.ca.validationResult = _ -> Authorization.Status.EXPIRED;

        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason())
                .contains("could not validate www.example.org", "gives no reason", "handoff = \"relay\"");
    }
}
