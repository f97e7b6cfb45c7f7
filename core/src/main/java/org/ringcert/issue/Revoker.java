package org.ringcert.issue;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.acme.AccountStatus;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.ProblemDocument;
import org.ringcert.acme.RevocationReason;
import org.ringcert.acme.RevocationResult;
import org.ringcert.issue.RevocationOutcome.Signer;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/**
 * Revokes certificates of one CA. What was revoked is saved in the store before the CA is asked, so that a site whose
 * certificate may be revoked gets a new one even if this process dies.
 */
public final class Revoker {

    private final CertificateAuthority authority;
    private final Store store;
    private final RevocationMarks marks;
    private final IssuanceListener listener;

    /** @param listener receives revocations, and how a roll-over of the account's key ended that was cut off */
    public Revoker(CertificateAuthority authority, Store store, InstantSource clock, IssuanceListener listener) {
        this.authority = authority;
        this.store = store;
        this.listener = listener;
        this.marks = new RevocationMarks(store, clock);
    }

    /**
     * Revokes a version. The caller holds the site's lock.
     *
     * <p>The request is signed by this node's account, and by the certificate's own key if there is no account or the
     * CA does not accept it. If the key is compromised it is the other way round: the key's own signature is the proof,
     * on which Let's Encrypt never again accepts that key. A key that is compromised, or has signed, is retired
     * ({@link Store#retireKey}).
     *
     * <p>After a failure the version stays marked as one that may be revoked if the CA may have revoked it
     * ({@link AcmeException#isOutcomeUnknown}), and in any case if its key is compromised.
     *
     * @throws AcmeException if the certificate is not revoked, or if that is not known because the CA did not answer.
     *     The message has a sentence for each signer that was refused.
     */
    public RevocationOutcome revoke(CertificateVersion version, RevocationReason reason)
            throws AcmeException, StoreException {
        endRollOver();
        marks.request(version, reason);
        try {
            RevocationOutcome outcome = revokeByAnySigner(version, reason);
            listener.onRevoked(version, reason);
            return outcome;
        } catch (AcmeException e) {
            if (!e.isOutcomeUnknown()) {
                marks.takeBack(version, reason);
            }
            throw e;
        } catch (StoreException e) {
            marks.takeBack(version, reason);
            throw e;
        }
    }

    private RevocationOutcome revokeByAnySigner(CertificateVersion version, RevocationReason reason)
            throws AcmeException, StoreException {
        List<AcmeException> refusals = new ArrayList<>();
        for (Signer signer : signers(version, reason)) {
            try {
                RevocationResult result = revoke(version, reason, signer);
                return new RevocationOutcome(
                        result, signer, refusals.stream().findFirst().map(AcmeException::getMessage));
            } catch (AcmeException e) {
                refusals.add(e);
                if (!mayConcernSigner(e, signer)) {
                    break;
                }
            }
        }
        throw joined(refusals);
    }

    /** Ends a roll-over of the account's key that was cut off, so that the account signs with the key that it has. */
    private void endRollOver() throws AcmeException, StoreException {
        Optional<StoredAccount> stored = store.accounts().find(authority.directory());
        if (stored.flatMap(StoredAccount::nextKey).isEmpty()) {
            return;
        }
        try (Store.Lock _ = store.accounts().lock(authority.directory())) {
            Optional<StoredAccount> locked = store.accounts().find(authority.directory());
            if (locked.isPresent()) {
                StoredAccount _ = new UnfinishedRollOver(authority, store).settle(locked.get(), listener);
            }
        } catch (AcmeException e) {
            throw e.unsent();
        }
    }

    /** Returns who can sign, in the order in which they are tried. At least one. */
    private List<Signer> signers(CertificateVersion version, RevocationReason reason) throws StoreException {
        List<Signer> signers = new ArrayList<>();
        if (account().isPresent()) {
            signers.add(Signer.ACCOUNT);
        }
        if (version.keyType().isPresent() || signers.isEmpty()) {
            signers.add(Signer.CERTIFICATE_KEY);
        }
        if (reason == RevocationReason.KEY_COMPROMISE) {
            Collections.reverse(signers);
        }
        return signers;
    }

    /** Returns this node's account, unless it is known to be of no use. */
    private Optional<Account> account() throws StoreException {
        return store.accounts()
                .find(authority.directory())
                .filter(stored -> stored.deactivated().isEmpty())
                .flatMap(stored -> stored.url().map(url -> new Account(url, stored.key())));
    }

    private RevocationResult revoke(CertificateVersion version, RevocationReason reason, Signer signer)
            throws AcmeException, StoreException {
        RevocationResult result = switch (signer) {
            case ACCOUNT -> authority.revoke(account().orElseThrow(), version.leaf(), reason);
            case CERTIFICATE_KEY -> authority.revoke(store.keyPair(version), version.leaf(), reason);
        };
        marks.confirm(version, reason);
        if (signer == Signer.CERTIFICATE_KEY) {
            store.retireKey(
                    version.leaf().getPublicKey(),
                    "it signed the revocation of its certificate, and CAs may refuse it from then on");
        }
        return result;
    }

    /** Whether the CA may accept the same request from another signer. */
    private boolean mayConcernSigner(AcmeException refusal, Signer signer) {
        if (refusal.kind() == AcmeException.Kind.ACCOUNT_GONE) {
            return true;
        }
        Optional<ProblemDocument> problem = refusal.problem();
        if (problem.isEmpty() || problem.get().hasType("badRevocationReason")) {
            return false;
        }
        if (problem.get().hasType("unauthorized") || problem.get().hasType("badPublicKey")) {
            return true;
        }
        return switch (refusal.kind()) {
            // Some CAs report a lost account so, or do not know requests that the certificate's key signs.
            case REFUSED, NOT_FOUND -> signer == Signer.CERTIFICATE_KEY || isAccountLost();
            case UNREACHABLE -> signer == Signer.ACCOUNT && isAccountLost();
            case ACCOUNT_GONE, RATE_LIMITED, ALREADY_REPLACED, INVALID_RESPONSE, WRONG_CLOCK, UNUSABLE_CERTIFICATE ->
                false;
        };
    }

    private boolean isAccountLost() {
        try {
            Optional<Account> account = account();
            return account.isEmpty()
                    || authority.lookUpAccount(account.get().key()).status() != AccountStatus.VALID;
        } catch (AcmeException | StoreException e) {
            return false;
        }
    }

    private static AcmeException joined(List<AcmeException> refusals) {
        AcmeException last = refusals.getLast();
        if (refusals.size() == 1) {
            return last;
        }
        String first = String.valueOf(refusals.getFirst().getMessage());
        return new AcmeException(
                last.kind(),
                first + (first.endsWith(".") ? " " : ". ") + "Then: " + last.getMessage(),
                last.problem(),
                last.retryAfter(),
                last);
    }
}
