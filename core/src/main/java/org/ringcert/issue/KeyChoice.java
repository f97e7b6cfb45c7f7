package org.ringcert.issue;

import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Optional;
import org.ringcert.acme.ProblemDocument;
import org.ringcert.issue.CertificateSpec.KeyUse;
import org.ringcert.store.AuthorityProgress;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** Chooses the key of a certificate that is being ordered. The caller holds the site's lock. */
record KeyChoice(IssuerContext context, CertificateName name, CertificateSpec.Source source) {

    /** Returns the key of the current certificate if the new one is to have it and may, otherwise a new key. */
    KeyPair choose() throws StoreException {
        Optional<KeyPair> reused = source.keyUse() == KeyUse.SAME_KEY ? currentKey() : Optional.empty();
        return reused.isPresent() ? reused.get() : source.keyType().generate(context.random());
    }

    private Optional<KeyPair> currentKey() throws StoreException {
        Optional<CertificateVersion> current = store().current(name);
        if (current.isEmpty()) {
            return Optional.empty();
        }
        if (!current.get().keyType().equals(Optional.of(source.keyType()))) {
            reportNewKey("the configuration has another type of key");
            return Optional.empty();
        }
        Optional<KeyPair> key = store().reusableKey(current.get());
        if (key.isEmpty()) {
            reportNewKey(
                    "it was retired: " + retirementReason(current.get().leaf().getPublicKey()));
        }
        return key;
    }

    /** An unreadable reason must not stop the order. */
    private String retirementReason(PublicKey key) {
        try {
            return store().retirementReason(key).orElse("no reason is known");
        } catch (StoreException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void reportNewKey(String reason) {
        context.listener().onEvent(name, new IssuanceEvent.KeyNotReused(reason));
    }

    /**
     * Retires the key of the current certificate if it is also the pending order's and the CA refused it. The next
     * attempt is then made with a new key.
     *
     * @param error the CA's error
     */
    void retireIfRefused(AuthorityProgress progress, Optional<ProblemDocument> error) throws StoreException {
        Optional<ProblemDocument> refusal = error.filter(problem -> problem.hasType("badPublicKey"));
        if (refusal.isEmpty()) {
            return;
        }
        Optional<PublicKey> current =
                store().current(name).map(version -> version.leaf().getPublicKey());
        Optional<PublicKey> ordered =
                progress.order().flatMap(Progress.PendingOrder::key).map(KeyPair::getPublic);
        if (current.isPresent() && current.equals(ordered)) {
            store().retireKey(
                            current.get(),
                            progress.directory() + " refused it: "
                                    + refusal.get().summary());
        }
    }

    private Store store() {
        return context.store();
    }
}
