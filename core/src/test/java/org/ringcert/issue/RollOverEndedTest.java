package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.issue.AccountEvent.RollOverEnded;
import org.ringcert.store.StoredAccount;

/** Whatever ends a roll-over that was cut off reports which key the account has. */
class RollOverEndedTest {

    /** Thrown in place of a crash: nothing handles it. */
    private static final class CutOff extends Error {
        private static final long serialVersionUID = 1;
    }

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "before, OLD, did not happen; the account has its old key. Run `ringcert account roll-over` again.",
        "after, NEW, is complete; the account has the new key."
    })
    void isReportedEachTime(String when, RollOverEnded.AccountKey key, String words) throws Exception {
        IssuerFixture fixture = new IssuerFixture(directory);
        AccountManager manager =
                new AccountManager(fixture.ca, fixture.store, fixture.clock, new SecureRandom(), fixture.recorder());
        fixture.issue(IssuerFixture.SPEC);
        FakeCa.CallHook cutOff = call -> {
            if (call.equals("changeKey")) {
                throw new CutOff();
            }
        };
        if (when.equals("before")) {
            fixture.ca.beforeCall = cutOff;
        } else {
            fixture.ca.afterCall = cutOff;
        }
        assertThatThrownBy(() -> manager.rollOver(List.of(IssuerFixture.WWW), _ -> {}))
                .isInstanceOf(CutOff.class);
        fixture.ca.beforeCall = _ -> {};
        fixture.ca.afterCall = _ -> {};
        StoredAccount unfinished =
                fixture.store.accounts().find(FakeCa.DIRECTORY).orElseThrow();

        manager.details();
        fixture.store.accounts().save(FakeCa.DIRECTORY, unfinished);
        manager.updateContact(Optional.empty());

        assertThat(fixture.accountEvents.stream().filter(RollOverEnded.class::isInstance))
                .containsExactly(new RollOverEnded(key), new RollOverEnded(key));
        assertThat(new RollOverEnded(key).describe("ca.example"))
                .isEqualTo("The roll-over at ca.example that was cut off " + words);
    }
}
