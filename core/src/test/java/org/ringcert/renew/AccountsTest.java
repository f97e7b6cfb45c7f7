package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ExternalAccountBinding;
import org.ringcert.issue.AccountEvent;
import org.ringcert.issue.AccountManager;
import org.ringcert.issue.IssuerFixture;
import org.ringcert.pki.KeyType;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/** The accounts at several CAs are made before they are needed. */
class AccountsTest {

    private static final ExternalAccountBinding RIGHT =
            ExternalAccountBinding.parse("kid-1", "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W");
    private static final ExternalAccountBinding WRONG =
            ExternalAccountBinding.parse("kid-1", "AAAAZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W");

    @TempDir
    private Path directory;

    private TwoCas cas;

    @BeforeEach
    void start() throws StoreException {
        cas = new TwoCas(directory);
    }

    private Store store() {
        return cas.fixture.store;
    }

    private List<AccountEvent.RegistrationFailed> failedRegistrations() {
        return cas.fixture.accountEvents.stream()
                .filter(AccountEvent.RegistrationFailed.class::isInstance)
                .map(AccountEvent.RegistrationFailed.class::cast)
                .toList();
    }

    @Test
    void thePassThatOrdersAtTheFirstCaRegistersAtTheSecond() throws Exception {
        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(store().accounts().isRegistered(TwoCas.FIRST)).isTrue();
        assertThat(store().accounts().isRegistered(TwoCas.SECOND)).isTrue();
        assertThat(cas.second.calls).containsExactly("register");
        cas.restart();
        cas.pass();
        assertThat(cas.second.calls).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"UNREACHABLE, PT1H", "REFUSED, PT24H"})
    void aFailedRegistrationIsKeptAndRepeatedLater(Kind kind, Duration delay) throws Exception {
        cas.second.beforeCall = TwoCas.failing(kind, Optional.empty());
        Instant begin = cas.clock.instant();

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(store().accounts().isRegistered(TwoCas.SECOND)).isFalse();
        assertThat(store().accounts().problem(TwoCas.SECOND)).contains("the test says " + kind);
        assertThat(store().accounts().nextRegistration(TwoCas.SECOND)).contains(begin.plus(delay));
        assertThat(failedRegistrations()).hasSize(1);
        cas.restart();
        cas.clock.move(delay.minusSeconds(1));
        cas.pass();
        assertThat(cas.second.calls).hasSize(1);

        cas.clock.move(Duration.ofSeconds(1));
        cas.second.beforeCall = _ -> {};
        cas.pass();

        assertThat(store().accounts().isRegistered(TwoCas.SECOND)).isTrue();
        assertThat(store().accounts().problem(TwoCas.SECOND)).isEmpty();
    }

    @Test
    void aRegistrationIsRepeatedLaterIfTheCaAsksForIt() throws Exception {
        cas.second.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofDays(3)));
        cas.pass();
        cas.clock.move(Duration.ofDays(3).minusSeconds(1));
        cas.pass();
        assertThat(cas.second.calls).hasSize(1);

        cas.clock.move(Duration.ofSeconds(1));
        cas.pass();

        assertThat(cas.second.calls).hasSize(2);
    }

    @Test
    void aRegistrationThatFailedInTheFutureIsRepeatedNow() throws Exception {
        cas.clock.move(Duration.ofDays(400));
        cas.second.beforeCall = TwoCas.down();
        cas.pass();
        cas.second.beforeCall = _ -> {};

        cas.clock.move(Duration.ofDays(-400));
        cas.pass();

        assertThat(store().accounts().isRegistered(TwoCas.SECOND)).isTrue();
    }

    @Test
    void aFailedRegistrationDoesNotDelayAnOrder() throws Exception {
        cas.second.beforeCall = TwoCas.down();
        cas.pass();
        cas.first.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));
        cas.clock.move(Duration.ofDays(76));
        assertThat(cas.pass()).isInstanceOf(RenewalResult.Failed.class);
        assertThat(store().accounts().nextRegistration(TwoCas.SECOND)).isPresent();
        cas.second.beforeCall = _ -> {};
        cas.clock.move(Duration.ofMinutes(1));

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);
        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
    }

    @Test
    void aWrongBindingAtTheSecondCaDoesNotDisturbTheFirst() throws Exception {
        cas.second.faults.requiredBinding = Optional.of(RIGHT);
        cas.bindAtSecond(WRONG);

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.currentCa()).contains(TwoCas.FIRST);
        assertThat(store().accounts().problem(TwoCas.FIRST)).isEmpty();
        assertThat(store().accounts().problem(TwoCas.SECOND).orElseThrow())
                .contains("external account binding")
                .doesNotContain("ZM6eQGHWp");
        assertThat(cas.progress(TwoCas.SECOND).failure()).isEmpty();

        cas.bindAtSecond(RIGHT);
        cas.clock.move(Duration.ofDays(1));
        cas.pass();
        assertThat(store().accounts().problem(TwoCas.SECOND)).isEmpty();
        assertThat(store().accounts().isRegistered(TwoCas.SECOND)).isTrue();
    }

    @Test
    void aCorrectedBindingIsTriedWhenTheDaemonStarts() throws Exception {
        cas.second.faults.requiredBinding = Optional.of(RIGHT);
        cas.bindAtSecond(WRONG);
        cas.pass();
        cas.bindAtSecond(RIGHT);

        cas.renewals().prepareAccounts();

        assertThat(store().accounts().isRegistered(TwoCas.SECOND)).isTrue();
        assertThat(store().accounts().problem(TwoCas.SECOND)).isEmpty();
    }

    @Test
    void aRefusedContactCostsNoCertificate() throws Exception {
        cas.first.faults.contactRefusal = Optional.of("the contact is refused");

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.currentCa()).contains(TwoCas.FIRST);
        assertThat(store().accounts().problem(TwoCas.FIRST)).contains("the contact is refused");
        assertThat(store().accounts().problem(TwoCas.SECOND)).isEmpty();
        assertThat(cas.fixture.accountEvents).contains(new AccountEvent.ContactRefused("the contact is refused"));
    }

    @Test
    void aLostAccountWithARefusedContactIsReplacedByOneWithout() throws Exception {
        cas.first.faults.contactRefusal = Optional.of("the contact is refused");
        cas.pass();
        cas.first.faults.contactRefusal = Optional.empty();
        cas.first.forgetAccounts();

        assertThat(cas.pass(TwoCas.SPEC, RenewalMode.FORCE)).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(store().accounts().problem(TwoCas.FIRST)).isEmpty();
    }

    /** Without an account, the first CA is as good as down. */
    @Test
    void theNextCaTakesOverFromOneWhoseAccountIsDeactivated() throws Exception {
        cas.pass();
        new AccountManager(cas.first, store(), cas.clock, new SecureRandom(), cas.fixture.recorder())
                .deactivate(List.of(IssuerFixture.WWW), _ -> {});
        cas.clock.move(Duration.ofDays(76));

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
        assertThat(cas.first.count("register")).isOne();
    }

    @Test
    void aPassReportsAnAccountThatIsDeactivated() throws Exception {
        cas.pass();
        assertThat(cas.fixture.accountEvents).noneMatch(AccountEvent.Deactivated.class::isInstance);
        new AccountManager(cas.first, store(), cas.clock, new SecureRandom(), cas.fixture.recorder())
                .deactivate(List.of(IssuerFixture.WWW), _ -> {});

        assertThat(cas.pass()).isInstanceOf(RenewalResult.NotDue.class);

        assertThat(cas.fixture.accountEvents)
                .last(InstanceOfAssertFactories.type(AccountEvent.Deactivated.class))
                .satisfies(event -> assertThat(event.reason()).contains("was deactivated here on"));
    }

    @Test
    void aPassEndsARollOverThatWasCutOff() throws Exception {
        cas.pass();
        StoredAccount account = store().accounts().find(TwoCas.FIRST).orElseThrow();
        store().accounts().save(TwoCas.FIRST, account.withNextKey(KeyType.EC256.generate(new SecureRandom())));

        assertThat(cas.pass()).isInstanceOf(RenewalResult.NotDue.class);

        assertThat(store().accounts().find(TwoCas.FIRST).orElseThrow().nextKey())
                .isEmpty();
        assertThat(cas.fixture.accountEvents)
                .contains(new AccountEvent.RollOverEnded(AccountEvent.RollOverEnded.AccountKey.OLD));
    }
}
