package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/** A CA that has lost this node's account says so in several ways, and has closed it in others. */
class LostAccountTest {

    @TempDir
    private Path folder;

    private Bench bench;

    @BeforeEach
    void start() throws StoreException {
        bench = new Bench(folder);
    }

    static Stream<Arguments> words() {
        return Stream.of(
                Arguments.of(401, "unauthorized"), // django-ca
                Arguments.of(403, "unauthorized"),
                Arguments.of(400, "malformed"),
                Arguments.of(500, "serverInternal"));
    }

    @ParameterizedTest
    @MethodSource("words")
    void anotherIsMadeWhateverTheCaCallsIt(int status, String type) throws Exception {
        bench.issues(Bench.WISH);
        URI old = account().url().orElseThrow();
        bench.ca.accountGone = () -> FakeCa.refusal(status, type, "no such account");
        bench.ca.forgetAccounts();

        bench.issues(Bench.WISH);

        URI made = account().url().orElseThrow();
        assertThat(bench.steps).contains(new IssuanceEvent.AccountCreated(made, Optional.of(old)));
        assertThat(bench.ca.count("register")).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("words")
    void inTheMiddleOfAnOrderTooAndTheOrderIsLeft(int status, String type) throws Exception {
        bench.ca.stuck = true;
        bench.fails(Bench.WISH);
        bench.ca.stuck = false;
        bench.ca.accountGone = () -> FakeCa.refusal(status, type, "no such account");
        bench.ca.forgetAccounts();

        bench.issues(Bench.WISH);

        assertThat(bench.steps).anyMatch(IssuanceEvent.Abandoned.class::isInstance);
        assertThat(bench.progress().order()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("words")
    void aRefusalThatIsNotOfTheAccountLeavesItAlone(int status, String type) throws Exception {
        bench.issues(Bench.WISH);
        bench.ca.trap = call -> {
            if (call.startsWith("newOrder")) {
                throw FakeCa.refusal(status, type, "not today");
            }
        };

        assertThat(bench.fails(Bench.WISH).reason()).contains("not today");

        assertThat(bench.ca.count("register")).isEqualTo(1);
    }

    @Test
    void aRefusalStandsWhereTheCaCannotBeAskedForTheAccount() {
        bench.issues(Bench.WISH);
        bench.ca.trap = call -> {
            if (call.startsWith("newOrder") || call.equals("status")) {
                throw FakeCa.refusal(500, "serverInternal", "the database is away: " + call);
            }
        };

        assertThat(bench.fails(Bench.WISH).reason()).contains("the database is away: newOrder");
    }

    @Test
    void oneThatIsDeactivatedIsSaidWithItsCureAndTheCureHelpsWithoutARestart() throws Exception {
        bench.issues(Bench.WISH);
        bench.ca.deactivated = true;

        String reason = bench.fails(Bench.WISH).reason();
        Path file = bench.store.accountFile(FakeCa.DIRECTORY);
        assertThat(reason).contains("deactivated", account().url().orElseThrow().toString(), file.toString());
        assertThat(bench.ca.count("register")).isEqualTo(1);

        Files.move(file, folder.resolve("elsewhere"));
        bench.ca.deactivated = false;
        bench.issues(Bench.WISH);
        assertThat(bench.ca.count("register")).isEqualTo(2);
    }

    private StoredAccount account() throws StoreException {
        return bench.store.account(FakeCa.DIRECTORY).orElseThrow();
    }
}
