package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.issue.IssuanceException.Effect;

class FailureBudgetTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:15:00Z");

    /** Returns when the next order may be made; empty if that is now. */
    private static Optional<Instant> next(FailureBudget budget, Duration... ages) {
        List<Instant> failed = List.of(ages).stream().map(NOW::minus).toList();
        IssuanceException refusal = catchThrowableOfType(IssuanceException.class, () -> budget.check(failed, NOW));
        return Optional.ofNullable(refusal).map(it -> ((Effect.OrderPostponed) it.effect()).until());
    }

    @Test
    void fourFailuresInAnHourAreEnough() {
        Duration[] three = {Duration.ofMinutes(50), Duration.ofMinutes(30), Duration.ofMinutes(1)};
        assertThat(next(FailureBudget.STANDARD, three)).isEmpty();
        assertThat(next(FailureBudget.STANDARD, three[0], three[1], three[2], Duration.ofMinutes(2)))
                .contains(NOW.plus(Duration.ofMinutes(10)));
    }

    @Test
    void aCaThatAllowsTwoAnHourSeesOne() {
        FailureBudget budget = FailureBudget.within(2, Duration.ofHours(1));
        assertThat(next(budget)).isEmpty();
        assertThat(next(budget, Duration.ofMinutes(1))).contains(NOW.plus(Duration.ofMinutes(59)));
        assertThat(next(budget, Duration.ofMinutes(61))).isEmpty();
    }

    @Test
    void aCaThatAllowsOneADaySeesIt() {
        FailureBudget budget = FailureBudget.within(1, Duration.ofDays(1));
        assertThat(next(budget)).isEmpty();
        assertThat(next(budget, Duration.ofHours(23))).contains(NOW.plus(Duration.ofHours(1)));
    }

    @Test
    void aCaThatAllowsManySeesNoMoreThanOthers() {
        Duration[] four = {Duration.ofMinutes(9), Duration.ofMinutes(8), Duration.ofMinutes(7), Duration.ofMinutes(6)};
        assertThat(next(FailureBudget.within(200, Duration.ofHours(1)), four))
                .contains(NOW.plus(Duration.ofMinutes(51)));
    }

    @Test
    void whatIsOlderThanAWeekIsNotRemembered() {
        assertThatIllegalArgumentException().isThrownBy(() -> FailureBudget.within(5, Duration.ofDays(8)));
    }
}
