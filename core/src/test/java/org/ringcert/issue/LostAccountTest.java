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

/** Accounts that the CA has lost or deactivated. CAs report a lost account in different ways. */
class LostAccountTest {

    @TempDir
    private Path directory;

    private IssuerFixture fixture;

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(401, "unauthorized"), // django-ca
                Arguments.of(403, "unauthorized"),
                Arguments.of(400, "malformed"),
                Arguments.of(500, "serverInternal"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void registersAnotherAccountHoweverTheCaReportsTheLoss(int status, String type) throws Exception {
        fixture.issue(IssuerFixture.SPEC);
        URI old = account().url().orElseThrow();
        fixture.ca.faults.lostAccount = () -> CaFaults.refusal(status, type, "no such account");
        fixture.ca.forgetAccounts();

        fixture.issue(IssuerFixture.SPEC);

        URI replacement = account().url().orElseThrow();
        assertThat(fixture.accountEvents).contains(new AccountEvent.Registered(replacement, Optional.of(old)));
        assertThat(fixture.ca.count("register")).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void abandonsThePendingOrderOfALostAccount(int status, String type) throws Exception {
        fixture.ca.faults.finalizationHangs = true;
        fixture.failToIssue(IssuerFixture.SPEC);
        fixture.ca.faults.finalizationHangs = false;
        fixture.ca.faults.lostAccount = () -> CaFaults.refusal(status, type, "no such account");
        fixture.ca.forgetAccounts();

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.events).anyMatch(IssuanceEvent.Abandoned.class::isInstance);
        assertThat(fixture.progress().order()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void keepsTheAccountIfTheRefusalHasAnotherCause(int status, String type) throws Exception {
        fixture.issue(IssuerFixture.SPEC);
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("newOrder")) {
                throw CaFaults.refusal(status, type, "not today");
            }
        };

        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason()).contains("not today");

        assertThat(fixture.ca.count("register")).isEqualTo(1);
    }

    @Test
    void reportsTheRefusalIfTheAccountCannotBeChecked() {
        fixture.issue(IssuerFixture.SPEC);
        fixture.ca.beforeCall = call -> {
            if (call.startsWith("newOrder") || call.equals("lookUp")) {
                throw CaFaults.refusal(500, "serverInternal", "the database is away: " + call);
            }
        };

        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason()).contains("the database is away: newOrder");
    }

    @Test
    void reportsADeactivatedAccountWithARemedyThatWorksWithoutARestart() throws Exception {
        fixture.issue(IssuerFixture.SPEC);
        fixture.ca.faults.accountsDeactivated = true;

        String reason = fixture.failToIssue(IssuerFixture.SPEC).reason();
        Path file = fixture.store.accounts().file(FakeCa.DIRECTORY);
        assertThat(reason).contains("deactivated", account().url().orElseThrow().toString(), file.toString());
        assertThat(fixture.ca.count("register")).isEqualTo(1);

        Files.move(file, directory.resolve("elsewhere"));
        fixture.ca.faults.accountsDeactivated = false;
        fixture.issue(IssuerFixture.SPEC);
        assertThat(fixture.ca.count("register")).isEqualTo(2);
    }

    private StoredAccount account() throws StoreException {
        return fixture.store.accounts().find(FakeCa.DIRECTORY).orElseThrow();
    }
}
