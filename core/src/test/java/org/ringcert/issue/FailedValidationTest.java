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
class FailedValidationTest {

    @TempDir
    private Path folder;

    private Bench bench;

    @BeforeEach
    void start() throws StoreException {
        bench = new Bench(folder);
    }

    @ParameterizedTest
    @EnumSource
    void itIsSaidInTheWordsOfTheCaAndTheNextTryOrdersAnew(FakeCa.Failing failing) throws Exception {
        bench.ca.failing = failing;
        bench.ca.verdict = _ -> Authorization.Status.INVALID;

        assertThat(bench.fails(Bench.WISH).reason())
                .contains("nobody answered for www.example.org")
                .contains("nobody answered for example.org")
                .doesNotContain("relay");
        assertThat(bench.progress().order()).isEmpty();

        bench.ca.verdict = _ -> Authorization.Status.VALID;
        bench.issues(Bench.WISH);

        assertThat(bench.ca.orders()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhatTheCaMadeInvalidCountsAgainstTheBudgetOfFailures(FakeCa.Failing failing) throws Exception {
        bench.ca.failing = failing;
        bench.ca.verdict = _ -> Authorization.Status.INVALID;
        bench.fails(Bench.WISH);

        boolean isInvalid = failing == FakeCa.Failing.ALL_INVALID || failing == FakeCa.Failing.CHALLENGE_INVALID;
        assertThat(bench.progress().invalidOrders()).hasSize(isInvalid ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource
    void aNameThatIsValidBesideItIsStillWaitedFor(FakeCa.Failing failing) {
        bench.ca.failing = failing;
        bench.ca.verdict = name -> name.equals(Bench.BARE) ? Authorization.Status.INVALID : Authorization.Status.VALID;

        assertThat(bench.fails(Bench.WISH).reason()).contains("could not validate example.org");

        assertThat(bench.steps).contains(new IssuanceEvent.Validated(Bench.WWW));
    }

    /** A process that died before it heard of the failure left such an order behind; so did Ringcert 0.1.0. */
    @ParameterizedTest
    @EnumSource(names = {"ALL_INVALID", "CHALLENGE_INVALID"})
    void anOrderThatIsFoundDeadIsNoFailureOfTheSiteAndIsOrderedAnewAtOnce(FakeCa.Failing failing) throws Exception {
        URI order = leaveUnanswered();
        bench.ca.failing = failing;
        bench.ca.fail(order);

        bench.issues(Bench.WISH);

        assertThat(bench.steps)
                .anyMatch(step -> step instanceof IssuanceEvent.Abandoned left
                        && left.order().equals(order));
        assertThat(bench.ca.orders()).hasSize(2);
    }

    @Test
    void anOrderWhoseChallengeIsPendingWithAnErrorIsAnsweredAgain() throws Exception {
        URI order = leaveUnanswered();
        bench.ca.failing = FakeCa.Failing.CHALLENGE_PENDING;
        bench.ca.fail(order);

        bench.issues(Bench.WISH);

        assertThat(bench.ca.orders()).containsExactly(order);
    }

    @Test
    void anOrderOfWhichNobodyCanTellIsAnsweredAgainAndLeftWhenThatIsRefused() throws Exception {
        URI order = leaveUnanswered();
        bench.ca.failing = FakeCa.Failing.ANSWER_REFUSED;
        bench.ca.fail(order);

        assertThat(bench.fails(Bench.WISH).reason()).contains("www.example.org", "the challenge is not pending");
        bench.issues(Bench.WISH);

        assertThat(bench.ca.orders()).hasSize(2);
    }

    private URI leaveUnanswered() {
        bench.ca.trap = call -> {
            if (call.startsWith("respond")) {
                throw FakeCa.failure(Kind.UNREACHABLE, "gone");
            }
        };
        bench.fails(Bench.WISH);
        bench.ca.trap = _ -> {};
        return bench.ca.lastOrder();
    }

    @Test
    void aCaThatGivesNoReasonMayFollowNoRedirects() throws Exception {
        bench.ca.verdict = _ -> Authorization.Status.EXPIRED;

        assertThat(bench.fails(Bench.WISH).reason())
                .contains("could not validate www.example.org", "gives no reason", "handoff = \"relay\"");
    }
}
