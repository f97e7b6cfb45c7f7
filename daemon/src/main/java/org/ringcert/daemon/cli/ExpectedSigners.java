package org.ringcert.daemon.cli;

import java.net.URI;
import java.util.Optional;
import org.ringcert.acme.RevocationReason;
import org.ringcert.daemon.status.CaNames;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/** Who will sign requests to revoke certificates, as far as that is known before a CA is asked. */
record ExpectedSigners(Store store, CaNames caNames) {

    /** Returns why the certificate's own key will sign, or may, in a sentence; empty if the account probably signs. */
    Optional<String> whyKeySigns(RevocationPlan.Target target, RevocationReason reason) throws StoreException {
        String ca = caNames.of(target.ca());
        if (reason == RevocationReason.KEY_COMPROMISE) {
            return Optional.of("Its own key signs the request, because that proves the compromise.");
        }
        Optional<StoredAccount> account = store.accounts().find(target.ca());
        Optional<URI> url = account.flatMap(StoredAccount::url);
        if (url.isEmpty()) {
            return Optional.of("Its own key signs the request, because this server has no account at " + ca + ".");
        }
        if (account.flatMap(StoredAccount::deactivated).isPresent()) {
            return Optional.of(
                    "Its own key signs the request, because this server's account at " + ca + " is deactivated.");
        }
        return orderingAccount(target)
                .filter(ordering -> !ordering.equals(url.get()))
                .map(ordering -> "Its own key signs the request, unless " + ca
                        + " accepts this server's account: another account, " + ordering + ", has ordered it.");
    }

    private static Optional<URI> orderingAccount(RevocationPlan.Target target) {
        return target.version().origin() instanceof Origin.IssuedByCa issued ? issued.account() : Optional.empty();
    }
}
