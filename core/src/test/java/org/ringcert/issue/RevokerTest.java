package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.RevocationReason;
import org.ringcert.acme.RevocationResult;
import org.ringcert.issue.CertificateSpec.KeyUse;
import org.ringcert.issue.RevocationOutcome.Signer;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Progress;
import org.ringcert.store.Revocation;
import org.ringcert.store.Revocation.State;
import org.ringcert.store.StoredAccount;

/** Who signs a revocation, and what the store knows at each moment. */
class RevokerTest {

    @TempDir
    private Path directory;

    private IssuerFixture fixture;
    private Revoker revoker;
    private CertificateVersion version;

    @BeforeEach
    void issue() throws Exception {
        fixture = new IssuerFixture(directory);
        revoker = new Revoker(fixture.ca, fixture.store, fixture.clock, fixture.recorder());
        version = fixture.issue(IssuerFixture.SPEC);
    }

    private Optional<Revocation> saved() throws Exception {
        return fixture.store
                .current(CertificateName.first(IssuerFixture.WWW))
                .orElseThrow()
                .revocation();
    }

    private Revocation revocation(RevocationReason reason, State state) {
        return new Revocation(reason.label(), fixture.clock.instant(), state);
    }

    private boolean isKeyRetired() {
        return fixture.store.isKeyRetired(version.leaf().getPublicKey());
    }

    private static AcmeException failureOf(ThrowingCallable call) {
        AcmeException failure = catchThrowableOfType(AcmeException.class, call);
        assertThat(failure).isNotNull();
        return failure;
    }

    @Test
    void endsARollOverThatWasCutOffAndSaysHow() throws Exception {
        StoredAccount account = fixture.store.accounts().find(FakeCa.DIRECTORY).orElseThrow();
        fixture.store
                .accounts()
                .save(FakeCa.DIRECTORY, account.withNextKey(KeyType.EC256.generate(new SecureRandom())));

        assertThat(revoker.revoke(version, RevocationReason.SUPERSEDED).signer())
                .isEqualTo(Signer.ACCOUNT);

        assertThat(fixture.accountEvents)
                .contains(new AccountEvent.RollOverEnded(AccountEvent.RollOverEnded.AccountKey.OLD));
        assertThat(fixture.store.accounts().find(FakeCa.DIRECTORY).orElseThrow().nextKey())
                .isEmpty();
    }

    @Test
    void theAccountRevokes() throws Exception {
        RevocationOutcome outcome = revoker.revoke(version, RevocationReason.SUPERSEDED);

        assertThat(outcome)
                .isEqualTo(new RevocationOutcome(RevocationResult.REVOKED, Signer.ACCOUNT, Optional.empty()));
        assertThat(fixture.ca.revocations.accepted)
                .containsExactly(
                        new FakeRevocations.Accepted(Signer.ACCOUNT, version.leaf(), RevocationReason.SUPERSEDED));
        assertThat(saved()).contains(revocation(RevocationReason.SUPERSEDED, State.CONFIRMED));
        assertThat(isKeyRetired()).isFalse();
    }

    @Test
    void aCompromisedKeyRevokesItselfAndIsNeverUsedAgain() throws Exception {
        assertThat(revoker.revoke(version, RevocationReason.KEY_COMPROMISE).signer())
                .isEqualTo(Signer.CERTIFICATE_KEY);

        assertThat(saved()).contains(revocation(RevocationReason.KEY_COMPROMISE, State.CONFIRMED));
        assertThat(isKeyRetired()).isTrue();
        fixture.issue(IssuerFixture.SPEC);
        assertThat(saved()).isEmpty();
        assertThat(isKeyRetired()).isTrue();
    }

    @Test
    void theAccountRevokesACompromisedKeyIfTheCaDoesNotAcceptTheKey() throws Exception {
        fixture.ca.revocations.refuse(Signer.CERTIFICATE_KEY, CaFaults.refusal(400, "malformed", "no jwk here"));

        RevocationOutcome outcome = revoker.revoke(version, RevocationReason.KEY_COMPROMISE);

        assertThat(outcome.signer()).isEqualTo(Signer.ACCOUNT);
        assertThat(outcome.refusedSigner().orElseThrow()).contains("no jwk here");
        assertThat(isKeyRetired()).isTrue();
    }

    @Test
    void theKeyRevokesIfThereIsNoAccount() throws Exception {
        Files.delete(fixture.store.accounts().file(FakeCa.DIRECTORY));

        assertThat(revoker.revoke(version, RevocationReason.SUPERSEDED).signer())
                .isEqualTo(Signer.CERTIFICATE_KEY);

        // Let's Encrypt does not accept such a key again, whatever the reason.
        assertThat(saved()).contains(revocation(RevocationReason.SUPERSEDED, State.CONFIRMED));
    }

    @ParameterizedTest
    @CsvSource({"401, unauthorized", "403, unauthorized", "400, badPublicKey", "400, malformed", "500, serverInternal"})
    void theKeyRevokesIfTheCaHasLostTheAccount(int status, String type) throws Exception {
        fixture.ca.faults.lostAccount = () -> CaFaults.refusal(status, type, "no such account");
        fixture.ca.forgetAccounts();

        RevocationOutcome outcome = revoker.revoke(version, RevocationReason.SUPERSEDED);

        assertThat(outcome.signer()).isEqualTo(Signer.CERTIFICATE_KEY);
        assertThat(outcome.refusedSigner().orElseThrow()).contains("no such account");
    }

    @Test
    void theKeyRevokesIfThisNodeHasDeactivatedTheAccount() throws Exception {
        StoredAccount account = fixture.store.accounts().find(FakeCa.DIRECTORY).orElseThrow();
        fixture.store.accounts().save(FakeCa.DIRECTORY, account.deactivatedAt(fixture.clock.instant()));

        RevocationOutcome outcome = revoker.revoke(version, RevocationReason.SUPERSEDED);

        assertThat(outcome.signer()).isEqualTo(Signer.CERTIFICATE_KEY);
        assertThat(outcome.refusedSigner()).isEmpty();
    }

    @Test
    void theKeyRevokesIfTheAccountIsGoneOrDeactivated() throws Exception {
        fixture.ca.faults.accountsDeactivated = true;
        assertThat(revoker.revoke(version, RevocationReason.SUPERSEDED).signer())
                .isEqualTo(Signer.CERTIFICATE_KEY);

        fixture.ca.faults.accountsDeactivated = false;
        fixture.ca.forgetAccounts();
        assertThat(revoker.revoke(version, RevocationReason.SUPERSEDED))
                .matches(outcome -> outcome.signer() == Signer.CERTIFICATE_KEY)
                .matches(outcome -> outcome.result() == RevocationResult.ALREADY_REVOKED);
    }

    /** At Let's Encrypt, the key's signature would mean something else. */
    @ParameterizedTest
    @CsvSource({"400, malformed", "403, userActionRequired", "400, badRevocationReason"})
    void theKeyDoesNotRevokeIfTheAccountIsGood(int status, String type) throws Exception {
        fixture.ca.revocations.refuse(Signer.ACCOUNT, CaFaults.refusal(status, type, "not so"));

        assertThat(failureOf(() -> revoker.revoke(version, RevocationReason.SUPERSEDED)))
                .hasMessage("refused: not so");

        assertThat(fixture.ca.revocations.accepted).isEmpty();
        assertThat(saved()).isEmpty();
    }

    @Test
    void bothRefusalsAreReportedAndNothingIsRevoked() throws Exception {
        fixture.ca.revocations.refuse(Signer.ACCOUNT, CaFaults.refusal(403, "unauthorized", "not your account"));
        fixture.ca.revocations.refuse(Signer.CERTIFICATE_KEY, CaFaults.refusal(403, "unauthorized", "not the key"));

        assertThat(failureOf(() -> revoker.revoke(version, RevocationReason.SUPERSEDED)))
                .hasMessage("refused: not your account. Then: refused: not the key");

        assertThat(saved()).isEmpty();
        assertThat(isKeyRetired()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNREACHABLE", "INVALID_RESPONSE"})
    void theVersionStaysMarkedIfTheCaMayHaveRevokedIt(Kind kind) throws Exception {
        fixture.ca.revocations.refuse(Signer.ACCOUNT, CaFaults.failure(kind, "the test says so"));

        assertThat(failureOf(() -> revoker.revoke(version, RevocationReason.SUPERSEDED))
                        .isOutcomeUnknown())
                .isTrue();

        assertThat(saved()).contains(revocation(RevocationReason.SUPERSEDED, State.REQUESTED));
        assertThat(isKeyRetired()).isFalse();
    }

    @Test
    void theMarkIsTakenBackIfTheRequestWasNotSent() throws Exception {
        fixture.ca.revocations.refuse(
                Signer.ACCOUNT,
                CaFaults.failure(Kind.UNREACHABLE, "no directory").unsent());

        assertThat(failureOf(() -> revoker.revoke(version, RevocationReason.SUPERSEDED))
                        .isOutcomeUnknown())
                .isFalse();

        assertThat(saved()).isEmpty();
    }

    /** The certificate has to be replaced, whether the CA revokes it or not. */
    @ParameterizedTest
    @ValueSource(strings = {"UNREACHABLE", "REFUSED", "RATE_LIMITED"})
    void aCompromisedKeyStaysMarkedWhateverTheCaAnswers(Kind kind) throws Exception {
        fixture.ca.beforeCall = CaFaults.failOn("revoke", kind);

        failureOf(() -> revoker.revoke(version, RevocationReason.KEY_COMPROMISE));

        assertThat(saved()).contains(revocation(RevocationReason.KEY_COMPROMISE, State.REQUESTED));
        assertThat(isKeyRetired()).isTrue();
    }

    @Test
    void anotherReasonDoesNotHideThatTheKeyIsCompromised() throws Exception {
        new RevocationMarks(fixture.store, fixture.clock).request(version, RevocationReason.KEY_COMPROMISE);
        CertificateVersion marked =
                fixture.store.current(CertificateName.first(IssuerFixture.WWW)).orElseThrow();
        fixture.ca.beforeCall = CaFaults.failOn("revoke", Kind.UNREACHABLE);

        failureOf(() -> revoker.revoke(marked, RevocationReason.SUPERSEDED));

        assertThat(saved()).contains(revocation(RevocationReason.KEY_COMPROMISE, State.REQUESTED));
    }

    @Test
    void theReasonOfARetiredKeyIsTheTrueOne() throws Exception {
        Files.delete(fixture.store.accounts().file(FakeCa.DIRECTORY));
        revoker.revoke(version, RevocationReason.SUPERSEDED);
        CertificateSpec.Source source = IssuerFixture.SPEC.preferredSource();

        fixture.issue(new CertificateSpec(
                IssuerFixture.SPEC.site(),
                List.of(new CertificateSpec.Source(
                        source.directory(), source.keyType(), Optional.empty(), Optional.empty(), KeyUse.SAME_KEY))));

        assertThat(fixture.events)
                .contains(new IssuanceEvent.KeyNotReused("it was retired: it signed the revocation of its certificate,"
                        + " and CAs may refuse it from then on"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNREACHABLE", "RATE_LIMITED", "INVALID_RESPONSE"})
    void nobodyElseIsTriedIfTheCaDidNotDecide(Kind kind) {
        fixture.ca.revocations.refuse(Signer.ACCOUNT, CaFaults.failure(kind, "the test says so"));

        assertThat(failureOf(() -> revoker.revoke(version, RevocationReason.SUPERSEDED))
                        .kind())
                .isEqualTo(kind);
        assertThat(fixture.ca.revocations.accepted).isEmpty();
    }

    @Test
    void theStoreKnowsOfTheRequestBeforeTheCaDoes() throws Exception {
        fixture.ca.beforeCall = call -> {
            if (call.equals("revoke")) {
                try {
                    assertThat(saved()).contains(revocation(RevocationReason.SUPERSEDED, State.REQUESTED));
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        };

        revoker.revoke(version, RevocationReason.SUPERSEDED);

        assertThat(fixture.ca.count("revoke")).isOne();
    }

    @Test
    void aFailureLeavesWhatTheStoreKnewBefore() throws Exception {
        revoker.revoke(version, RevocationReason.SUPERSEDED);
        Optional<Revocation> first = saved();
        CertificateVersion revoked =
                fixture.store.current(CertificateName.first(IssuerFixture.WWW)).orElseThrow();
        fixture.ca.beforeCall = CaFaults.failOn("revoke", Kind.UNREACHABLE);

        failureOf(() -> revoker.revoke(revoked, RevocationReason.KEY_COMPROMISE));

        assertThat(saved()).isEqualTo(first);
    }

    /** Even if the next certificate is ordered much later, and from another CA. */
    @Test
    void theNextCertificateHasANewKeyEvenIfKeysAreUsedAgain() throws Exception {
        CertificateSpec.Source source = IssuerFixture.SPEC.preferredSource();
        CertificateSpec sameKey = new CertificateSpec(
                IssuerFixture.SPEC.site(),
                List.of(new CertificateSpec.Source(
                        source.directory(), source.keyType(), Optional.empty(), Optional.empty(), KeyUse.SAME_KEY)));
        assertThat(fixture.issue(sameKey).leaf().getPublicKey())
                .isEqualTo(version.leaf().getPublicKey());
        CertificateVersion compromised =
                fixture.store.current(CertificateName.first(IssuerFixture.WWW)).orElseThrow();

        revoker.revoke(compromised, RevocationReason.KEY_COMPROMISE);

        CertificateVersion next = fixture.issue(sameKey);
        assertThat(next.leaf().getPublicKey()).isNotEqualTo(version.leaf().getPublicKey());
        assertThat(fixture.issue(sameKey).leaf().getPublicKey())
                .isEqualTo(next.leaf().getPublicKey());
    }

    @Test
    void anOrderInProgressIsNotCompletedWithACompromisedKey() throws Exception {
        fixture.ca.faults.finalizationHangs = true;
        fixture.failToIssue(IssuerFixture.SPEC);
        fixture.ca.faults.finalizationHangs = false;
        KeyPair compromised = fixture.store.keyPair(version);
        Progress.PendingOrder pending = fixture.progress().order().orElseThrow();
        fixture.store.saveProgress(
                CertificateName.first(IssuerFixture.WWW),
                fixture.store
                        .progress(CertificateName.first(IssuerFixture.WWW))
                        .with(fixture.progress().withOrder(pending.withKey(compromised))));
        revoker.revoke(version, RevocationReason.KEY_COMPROMISE);

        CertificateVersion next = fixture.issue(IssuerFixture.SPEC);

        assertThat(next.leaf().getPublicKey()).isNotEqualTo(compromised.getPublic());
        assertThat(fixture.events).anyMatch(IssuanceEvent.Abandoned.class::isInstance);
    }
}
