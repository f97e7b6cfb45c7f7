package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.AccountEvent.RollOverEnded;
import org.ringcert.issue.RollOverResult.Cause;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/** The roll-over of an account key, whatever the CA does and whenever it is cut off. */
class RollOverTest {

    /** Thrown in place of a crash: nothing handles it. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    private static final List<HostName> SITES = List.of(IssuerFixture.WWW);

    @TempDir
    private Path directory;

    private IssuerFixture fixture;
    private AccountManager manager;
    private PublicKey oldKey;

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
        manager = new AccountManager(fixture.ca, fixture.store, fixture.clock, new SecureRandom(), fixture.recorder());
        fixture.issue(IssuerFixture.SPEC);
        oldKey = account().key().getPublic();
    }

    private StoredAccount account() throws StoreException {
        return fixture.store.accounts().find(FakeCa.DIRECTORY).orElseThrow();
    }

    private RollOverResult rollOver() throws Exception {
        return manager.rollOver(SITES, _ -> {});
    }

    private List<Path> accountFiles() throws Exception {
        try (Stream<Path> files =
                Files.list(fixture.store.accounts().file(FakeCa.DIRECTORY).getParent())) {
            return files.filter(file -> file.toString().endsWith(".json")).toList();
        }
    }

    private void assertKeyIsOld() throws StoreException {
        assertThat(account().key().getPublic()).isEqualTo(oldKey);
        assertThat(account().nextKey()).isEmpty();
    }

    private void assertKeyIsNew(URI url) throws StoreException {
        assertThat(account().key().getPublic()).isNotEqualTo(oldKey);
        assertThat(account().nextKey()).isEmpty();
        assertThat(account().url()).contains(url);
    }

    @Test
    void theAccountKeepsItsUrlAndTheOldKeyIsGone() throws Exception {
        URI url = account().url().orElseThrow();
        Optional<?> registered = account().registered();

        assertThat(rollOver()).isInstanceOfSatisfying(RollOverResult.Changed.class, changed -> {
            assertThat(changed.account()).isEqualTo(url);
            assertThat(changed.cause()).isEqualTo(Cause.CONFIRMED);
        });

        assertKeyIsNew(url);
        assertThat(account().registered()).isEqualTo(registered).isPresent();
        assertThat(accountFiles()).hasSize(1);
        fixture.issue(IssuerFixture.SPEC);
        assertThat(fixture.ca.count("register")).isOne();
    }

    @Test
    void theNextKeyIsOnDiskBeforeTheCaSeesIt() throws Exception {
        List<PublicKey> onDisk = new ArrayList<>();
        fixture.ca.beforeCall = call -> {
            if (call.equals("changeKey")) {
                try {
                    onDisk.add(account().nextKey().orElseThrow().getPublic());
                    Path file = fixture.store.accounts().file(FakeCa.DIRECTORY);
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------");
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        };

        rollOver();

        assertThat(account().key().getPublic()).isEqualTo(onDisk.getFirst());
    }

    /** What the next order does after a crash. The counts are those of calls in the roll-over. */
    @ParameterizedTest
    @CsvSource({
        "before, lookUp, 1, false",
        "before, changeKey, 1, false",
        "after, changeKey, 1, true",
        "before, lookUp, 2, true"
    })
    void theNextOrderEndsARollOverThatWasCutOff(String when, String call, int count, boolean isChanged)
            throws Exception {
        URI url = account().url().orElseThrow();
        crashAt(when, call, count);
        assertThatThrownBy(this::rollOver).isInstanceOf(Crash.class);

        restart();
        boolean hasBegun = account().nextKey().isPresent();
        fixture.issue(IssuerFixture.SPEC);

        if (isChanged) {
            assertKeyIsNew(url);
        } else {
            assertKeyIsOld();
        }
        assertThat(fixture.ca.count("register")).isOne();
        assertThat(account().url()).contains(url);
        RollOverEnded.AccountKey key = isChanged ? RollOverEnded.AccountKey.NEW : RollOverEnded.AccountKey.OLD;
        assertThat(fixture.accountEvents.contains(new RollOverEnded(key))).isEqualTo(hasBegun);
    }

    @ParameterizedTest
    @CsvSource({"before, false", "after, true"})
    void theSameCommandEndsIt(String when, boolean isChanged) throws Exception {
        crashAt(when, "changeKey", 1);
        assertThatThrownBy(this::rollOver).isInstanceOf(Crash.class);
        restart();
        PublicKey next = account().nextKey().orElseThrow().getPublic();

        RollOverResult result = rollOver();

        assertThat(result)
                .isInstanceOfSatisfying(
                        RollOverResult.Changed.class,
                        changed -> assertThat(changed.cause())
                                .isEqualTo(isChanged ? Cause.EARLIER_ROLL_OVER : Cause.CONFIRMED));
        assertThat(account().key().getPublic().equals(next)).isEqualTo(isChanged);
    }

    private void crashAt(String when, String wanted, int count) {
        int[] seen = {0};
        FakeCa.CallHook crash = call -> {
            if (call.equals(wanted) && ++seen[0] == count) {
                throw new Crash();
            }
        };
        if (when.equals("before")) {
            fixture.ca.beforeCall = crash;
        } else {
            fixture.ca.afterCall = crash;
        }
    }

    private void restart() throws StoreException {
        fixture.ca.beforeCall = _ -> {};
        fixture.ca.afterCall = _ -> {};
    }

    @ParameterizedTest
    @ValueSource(ints = {501, 403, 409, 400})
    void aRefusalKeepsTheOldKeyAndRemovesTheNextOne(int status) throws Exception {
        fixture.ca.beforeCall = call -> {
            if (call.equals("changeKey")) {
                throw CaFaults.refusal(status, "conflict", "not here");
            }
        };

        assertThat(rollOver())
                .isInstanceOfSatisfying(
                        RollOverResult.Unchanged.class,
                        unchanged -> assertThat(unchanged.reason()).contains("not here"));
        assertKeyIsOld();
    }

    @Test
    void aLostAnswerIsNoFailure() throws Exception {
        URI url = account().url().orElseThrow();
        fixture.ca.afterCall = CaFaults.failOn("changeKey", Kind.UNREACHABLE);

        assertThat(rollOver())
                .isInstanceOfSatisfying(
                        RollOverResult.Changed.class,
                        changed -> assertThat(changed.cause()).isEqualTo(Cause.ANSWER_LOST));
        assertKeyIsNew(url);
    }

    /** A proxy may answer 200 to everything. */
    @Test
    void anAnswerWithoutAChangeIsNotBelieved() throws Exception {
        fixture.ca.faults.ignoresKeyChanges = true;

        assertThat(rollOver()).isInstanceOf(RollOverResult.Unchanged.class);
        assertKeyIsOld();
        fixture.issue(IssuerFixture.SPEC);
    }

    @Test
    void aCaThatDoesNotAnswerAfterwardsIsAskedBeforeTheNextOrder() throws Exception {
        URI url = account().url().orElseThrow();
        fixture.ca.afterCall = call -> {
            fixture.ca.beforeCall = CaFaults.failOn("lookUp", Kind.UNREACHABLE);
            throw CaFaults.failure(Kind.UNREACHABLE, "no answer");
        };

        assertThat(rollOver())
                .isInstanceOfSatisfying(
                        RollOverResult.Undecided.class,
                        undecided -> assertThat(undecided.reason()).contains("no answer", "It is not known whether"));
        assertThat(account().key().getPublic()).isEqualTo(oldKey);
        assertThat(account().nextKey()).isPresent();
        assertThat(fixture.failToIssue(IssuerFixture.SPEC).reason()).contains("It is not known whether");
        assertThat(rollOver()).isInstanceOf(RollOverResult.Undecided.class);

        restart();
        assertThat(manager.details().status()).contains("valid");
        assertKeyIsNew(url);
    }

    /** Nothing could end a roll-over at such a CA. */
    @Test
    void nothingIsBegunAtACaThatHasAnAccountForEveryKey() throws Exception {
        fixture.ca.faults.registersWhenLookedUp = true;

        assertThat(rollOver())
                .isInstanceOfSatisfying(
                        RollOverResult.Unchanged.class,
                        unchanged -> assertThat(unchanged.reason()).contains("does not say reliably"));
        assertKeyIsOld();
        assertThat(fixture.ca.count("changeKey")).isZero();
    }

    /** As a daemon does that was running all the time. */
    @Test
    void anIssuerThatKnowsTheOldKeyUsesTheNewOne() throws Exception {
        rollOver();
        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.count("register")).isOne();
        assertThat(fixture.ca.count("lookUp")).isEqualTo(2);
    }

    /** The site is not in the configuration of the command, so its lock was not waited for. */
    @Test
    void anOrderInProgressBeginsAgainWithTheNewKey() throws Exception {
        fixture.ca.beforeCall = call -> {
            if (FakeCa.method(call).equals("newOrder")) {
                fixture.ca.beforeCall = _ -> {};
                try {
                    manager.rollOver(List.of(), _ -> {});
                } catch (StoreException e) {
                    throw new AssertionError(e);
                }
            }
        };

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.count("register")).isOne();
        assertThat(account().key().getPublic()).isNotEqualTo(oldKey);
    }

    /** Its challenges are published again, because the key authorization contains the thumbprint of the key. */
    @Test
    void anOpenOrderGoesOnWithTheNewKey() throws Exception {
        fixture.ca.beforeCall = CaFaults.failOn("respond", Kind.UNREACHABLE);
        fixture.failToIssue(IssuerFixture.SPEC);
        URI order = fixture.progress().order().orElseThrow().order();
        fixture.ca.beforeCall = _ -> {};

        rollOver();
        List<IssuanceEvent> before = List.copyOf(fixture.events);
        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.events.subList(before.size(), fixture.events.size()))
                .contains(new IssuanceEvent.Resumed(order))
                .noneMatch(IssuanceEvent.Ordered.class::isInstance);
    }

    @Test
    void waitsForOrdersInProgress() throws Exception {
        List<HostName> waitedFor = new ArrayList<>();
        Store.Lock lock = fixture.store.tryLock(IssuerFixture.WWW).orElseThrow();

        RollOverResult result = manager.rollOver(SITES, site -> {
            waitedFor.add(site);
            lock.close();
        });

        assertThat(waitedFor).containsExactly(IssuerFixture.WWW);
        assertThat(result).isInstanceOf(RollOverResult.Changed.class);
        assertThat(fixture.store.tryLock(IssuerFixture.WWW)).isPresent();
    }

    @Test
    void anAccountThatTheCaHasLostIsReplacedAfterACrash() throws Exception {
        crashAt("after", "changeKey", 1);
        assertThatThrownBy(this::rollOver).isInstanceOf(Crash.class);
        restart();
        fixture.ca.forgetAccounts();

        fixture.issue(IssuerFixture.SPEC);

        assertThat(fixture.ca.count("register")).isEqualTo(2);
        assertThat(account().nextKey()).isEmpty();
    }

    @Test
    void aDeactivatedAccountIsLeftAloneForGood() throws Exception {
        assertThat(manager.deactivate(SITES, _ -> {})).isEqualTo(Deactivation.DONE);

        String reason = fixture.failToIssue(IssuerFixture.SPEC).reason();
        assertThat(reason).contains("was deactivated here on", "renew --prepare");
        assertThat(fixture.issuer.prepareAccount()).isPresent();
        fixture.issuer.registerMissingAccount();
        assertThat(fixture.ca.count("register")).isOne();
        assertThat(fixture.store.accounts().deactivation(FakeCa.DIRECTORY)).contains(fixture.clock.instant());
        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(this::rollOver)
                .withMessageContaining("was deactivated here");

        Files.move(fixture.store.accounts().file(FakeCa.DIRECTORY), directory.resolve("elsewhere"));
        assertThat(fixture.issuer.prepareAccount()).isEmpty();
        fixture.issue(IssuerFixture.SPEC);
        assertThat(fixture.ca.count("register")).isEqualTo(2);
    }

    @Test
    void aDeactivationWhoseAnswerIsLostIsNoted() throws Exception {
        fixture.ca.afterCall = CaFaults.failOn("deactivate", Kind.UNREACHABLE);

        assertThat(manager.deactivate(SITES, _ -> {})).isEqualTo(Deactivation.DONE);
        assertThat(account().deactivated()).isPresent();
    }

    @Test
    void aDeactivationThatFailsChangesNothing() throws Exception {
        fixture.ca.beforeCall = CaFaults.failOn("deactivate", Kind.UNREACHABLE);

        assertThatExceptionOfType(AcmeException.class).isThrownBy(() -> manager.deactivate(SITES, _ -> {}));
        assertThat(account().deactivated()).isEmpty();
        fixture.issue(IssuerFixture.SPEC);
    }

    @Test
    void anAccountThatTheCaDoesNotKnowNeedsNoDeactivation() throws Exception {
        fixture.ca.forgetAccounts();

        assertThat(manager.deactivate(SITES, _ -> {})).isEqualTo(Deactivation.UNKNOWN_TO_CA);
        assertThat(account().deactivated()).isPresent();
    }

    @Test
    void anAcceptedContactClearsTheRefusal() throws Exception {
        fixture.store
                .accounts()
                .save(
                        FakeCa.DIRECTORY,
                        new StoredAccount(account().key(), account().url(), Optional.of("no MX"), Optional.empty()));
        fixture.ca.faults.contactRefusal = Optional.of("no MX");
        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> manager.updateContact(Optional.of("a@example.org")));
        assertThat(fixture.store.accounts().problem(FakeCa.DIRECTORY)).contains("no MX");
        fixture.ca.faults.contactRefusal = Optional.empty();

        assertThat(manager.updateContact(Optional.of("a@example.org")).contacts())
                .containsExactly("mailto:a@example.org");
        assertThat(fixture.store.accounts().problem(FakeCa.DIRECTORY)).isEmpty();
        assertThat(manager.updateContact(Optional.empty()).contacts()).isEmpty();
    }
}
