package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.ringcert.acme.Authorization;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.issue.Preflight;

/** When a site is looked at before an order, and what a look changes apart from postponing the order. */
class OrderAfterLookTest extends LookFixture {

    @Test
    void forceLooksWarnsAndOrders() {
        pass();

        assertThat(cas.pass(AT_FIRST, RenewalMode.FORCE)).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(looks).hasSize(2);
        assertThat(warnings()).singleElement().asString().contains(REASON, "as requested");
    }

    @Test
    void aWarningDoesNotPostpone() {
        see((_, _) -> new Preflight.Result.ProceedWithWarning("It looks bad."));

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(warnings()).containsExactly("It looks bad.");
    }

    @Test
    void aBugInTheLookDoesNotPreventTheOrder() {
        see((_, _) -> {
            throw new IllegalStateException("unexpected");
        });

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(warnings()).singleElement().asString().contains("a bug", "unexpected");
    }

    @Test
    void aPendingOrderIsResumedWithoutALook() {
        seeThatAllIsWell();
        cas.first.beforeCall = call -> {
            if (call.startsWith("finalize")) {
                throw new IllegalStateException("a crash");
            }
        };
        RenewalResult failed = pass();
        cas.first.beforeCall = _ -> {};
        see(FAILING);
        looks.clear();
        cas.clock.set(failed.next());

        assertThat(pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(looks).isEmpty();
        assertThat(orders()).isEqualTo(1);
    }

    @Test
    void aPendingOrderThatCannotBeUsedAnyMoreIsReplacedOnlyAfterALook() {
        seeThatAllIsWell();
        cas.first.beforeCall = call -> {
            if (call.startsWith("finalize")) {
                throw new IllegalStateException("a crash");
            }
        };
        RenewalResult failed = pass();
        cas.first.beforeCall = _ -> {};
        cas.fixture.events.stream()
                .filter(IssuanceEvent.Ordered.class::isInstance)
                .forEach(event -> cas.first.forget(((IssuanceEvent.Ordered) event).order()));
        see(FAILING);
        cas.clock.set(failed.next());

        assertThat(pass()).isInstanceOf(RenewalResult.Postponed.class);

        assertThat(orders()).isEqualTo(1);
    }

    @Test
    void theFailureBudgetHoldsAfterTheHourAndNobodyLooksInVain() {
        cas.first.validationResult = _ -> Authorization.Status.INVALID;
        for (int i = 0; i < 4; i++) {
            cas.pass(AT_FIRST, RenewalMode.FORCE);
        }
        assertThat(orders()).isEqualTo(4);
        assertThat(looks).hasSize(4);

        assertThat(cas.pass(AT_FIRST, RenewalMode.FORCE)).isInstanceOf(RenewalResult.Failed.class);

        assertThat(orders()).isEqualTo(4);
        assertThat(looks).hasSize(4);
    }

    @Test
    void aDiskThatIsFullIsAFailureOfTheStoreAndNotALook() throws Exception {
        Files.createDirectories(directory.resolve("store/orders/.tmp-www.example.org.json/in the way"));

        assertThat(pass()).isInstanceOf(RenewalResult.Failed.class);

        assertThat(looks).isEmpty();
        assertThat(orders()).isZero();
    }

    @Test
    void anInterruptDuringTheLookLeavesNothingBehind() throws Exception {
        see((_, _) -> {
            Thread.currentThread().interrupt();
            return new Preflight.Result.Postpone(REASON);
        });

        RenewalResult result = cas.renewer().renew(AT_FIRST, RenewalMode.DUE_ONLY);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(result).isInstanceOf(RenewalResult.Interrupted.class);
        assertThat(cas.progress(TwoCas.FIRST).postponement()).isEmpty();
    }
}
