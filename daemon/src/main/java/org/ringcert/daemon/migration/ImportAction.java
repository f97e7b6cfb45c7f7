package org.ringcert.daemon.migration;

import java.util.Optional;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/** One thing that is to be done in the store, decided by what stands there. The caller holds the locks. */
sealed interface ImportAction {

    /** Does it, and says so in a sentence. */
    String take(Store store) throws StoreException;

    /** Nothing is to be done, for that reason. */
    record Stays(String reason) implements ImportAction {
        @Override
        public String take(Store store) {
            return reason;
        }
    }

    /** The account becomes this node's. */
    record Keep(FoundAccount account, StoredAccount kept) implements ImportAction {
        @Override
        public String take(Store store) throws StoreException {
            store.saveAccount(account.directory(), kept);
            return "Account " + account.url() + " is this node's from now on";
        }
    }

    /** The certificate becomes the site's current version. */
    record Install(FoundCertificate holding) implements ImportAction {
        @Override
        public String take(Store store) throws StoreException {
            Origin origin = new Origin.IssuedByCa(
                    holding.directory(),
                    holding.account().map(FoundAccount::url),
                    holding.habits().profile());
            store.install(holding.name(), holding.pair().key(), holding.pair().chain(), origin);
            return holding.name() + ": taken over from " + holding.folder() + ", good until "
                    + holding.leaf().getNotAfter().toInstant();
        }
    }

    static ImportAction of(FoundAccount account, Store store) throws StoreException {
        Optional<StoredAccount> stored = store.account(account.directory());
        StoredAccount wanted = new StoredAccount(account.key(), Optional.of(account.url()));
        if (stored.isEmpty()) {
            return new Keep(account, wanted);
        }
        if (!stored.get().key().getPublic().equals(wanted.key().getPublic())) {
            return new Stays("This node has another account at " + account.directory() + " already, which stays: "
                    + stored.get() + "; " + account.url() + " is not taken over");
        }
        return stored.get().url().isPresent()
                ? new Stays("Account " + account.url() + " is this node's already")
                : new Keep(account, wanted);
    }

    static ImportAction of(FoundCertificate holding, Store store) throws StoreException {
        Optional<CertificateVersion> issued =
                store.current(holding.name()).filter(version -> version.origin() instanceof Origin.IssuedByCa);
        if (issued.filter(version -> version.leaf().equals(holding.leaf())).isPresent()) {
            return new Stays(holding.name() + ": the certificate in " + holding.folder() + " is in the store already");
        }
        if (issued.filter(version -> !version.notBefore().isBefore(holding.notBefore()))
                .isPresent()) {
            return new Stays(holding.name() + ": the store has a certificate that is not older than that in "
                    + holding.folder() + ", and it stays");
        }
        return new Install(holding);
    }
}
