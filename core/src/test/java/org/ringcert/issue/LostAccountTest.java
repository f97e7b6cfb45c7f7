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

    private IssuerFixture fixture;

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(folder);
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
        fixture.issues(IssuerFixture.SPEC);
        URI old = account().url().orElseThrow();
        fixture.ca.faults.lostAccount = () -> CaFaults.refusal(status, type, "no such account");
        fixture.ca.forgetAccounts();

        fixture.issues(IssuerFixture.SPEC);

        URI made = account().url().orElseThrow();
        assertThat(fixture.events).contains(new IssuanceEvent.AccountCreated(made, Optional.of(old)));
        assertThat(fixture.ca.count("register")).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("words")
    void inTheMiddleOfAnOrderTooAndTheOrderIsLeft(int status, String type) throws Exception {
        fixture.ca.faults.finalizationHangs = true;
        fixture.fails(IssuerFixture.SPEC);
        fixture.ca.faults.finalizationHangs = false;
        fixture.ca.faults.lostAccount = () -> CaFaults.refusal(status, type, "no such account");
        fixture.ca.forgetAccounts();

        fixture.issues(IssuerFixture.SPEC);

        assertThat(fixture.events).anyMatch(IssuanceEvent.Abandoned.class::isInstance);
        assertThat(fixture.progress().order()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("words")
    void aRefusalThatIsNotOfTheAccountLeavesItAlone(int status, String type) throws Exception {
        fixture.issues(IssuerFixture.SPEC);
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("newOrder")) {
                throw CaFaults.refusal(status, type, "not today");
            }
        };

        assertThat(fixture.fails(IssuerFixture.SPEC).reason()).contains("not today");

        assertThat(fixture.ca.count("register")).isEqualTo(1);
    }

    @Test
    void aRefusalStandsWhereTheCaCannotBeAskedForTheAccount() {
        fixture.issues(IssuerFixture.SPEC);
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("newOrder") || call.equals("status")) {
                throw CaFaults.refusal(500, "serverInternal", "the database is away: " + call);
            }
        };

        assertThat(fixture.fails(IssuerFixture.SPEC).reason()).contains("the database is away: newOrder");
    }

    @Test
    void oneThatIsDeactivatedIsSaidWithItsCureAndTheCureHelpsWithoutARestart() throws Exception {
        fixture.issues(IssuerFixture.SPEC);
        fixture.ca.faults.accountsDeactivated = true;

        String reason = fixture.fails(IssuerFixture.SPEC).reason();
        Path file = fixture.store.accountFile(FakeCa.DIRECTORY);
        assertThat(reason).contains("deactivated", account().url().orElseThrow().toString(), file.toString());
        assertThat(fixture.ca.count("register")).isEqualTo(1);

        Files.move(file, folder.resolve("elsewhere"));
        fixture.ca.faults.accountsDeactivated = false;
        fixture.issues(IssuerFixture.SPEC);
        assertThat(fixture.ca.count("register")).isEqualTo(2);
    }

    private StoredAccount account() throws StoreException {
        return fixture.store.account(FakeCa.DIRECTORY).orElseThrow();
    }
}
