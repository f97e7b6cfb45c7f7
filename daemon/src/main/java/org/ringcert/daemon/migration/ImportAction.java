package org.ringcert.daemon.migration;

import java.util.Optional;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/** One step of an import, chosen by what the store already has. The caller holds the locks. */
sealed interface ImportAction {

    /** Does it and returns a sentence that says what was done. */
    String apply(Store store) throws StoreException;

    /** Changes nothing, for the given reason. */
    record KeepExisting(String reason) implements ImportAction {
        @Override
        public String apply(Store store) {
            return reason;
        }
    }

    /** Makes the account this node's. */
    record SaveAccount(FoundAccount account, StoredAccount saved) implements ImportAction {
        @Override
        public String apply(Store store) throws StoreException {
            store.saveAccount(account.directory(), saved);
            return "Account " + account.url() + " is this node's from now on";
        }
    }

    /** Makes the certificate the site's current version. */
    record InstallCertificate(FoundCertificate certificate) implements ImportAction {
        @Override
        public String apply(Store store) throws StoreException {
            Origin origin = new Origin.IssuedByCa(
                    certificate.directory(),
                    certificate.account().map(FoundAccount::url),
                    certificate.formerSettings().profile());
            CertifiedKey certifiedKey = certificate.certifiedKey();
            store.install(CertificateName.first(certificate.name()), certifiedKey.key(), certifiedKey.chain(), origin);
            return certificate.name() + ": taken over from " + certificate.folder() + ", good until "
                    + certificate.leaf().getNotAfter().toInstant();
        }
    }

    static ImportAction forAccount(FoundAccount account, Store store) throws StoreException {
        Optional<StoredAccount> existing = store.account(account.directory());
        StoredAccount imported = new StoredAccount(account.key(), Optional.of(account.url()));
        if (existing.isEmpty()) {
            return new SaveAccount(account, imported);
        }
        if (!existing.get().key().getPublic().equals(imported.key().getPublic())) {
            return new KeepExisting("This node already has another account at " + account.directory()
                    + " and keeps it: " + existing.get() + "; " + account.url() + " is not taken over");
        }
        return existing.get().url().isPresent()
                ? new KeepExisting("Account " + account.url() + " is this node's already")
                : new SaveAccount(account, imported);
    }

    static ImportAction forCertificate(FoundCertificate certificate, Store store) throws StoreException {
        Optional<CertificateVersion> issued = store.current(CertificateName.first(certificate.name()))
                .filter(version -> version.origin() instanceof Origin.IssuedByCa);
        if (issued.filter(version -> version.leaf().equals(certificate.leaf())).isPresent()) {
            return new KeepExisting(
                    certificate.name() + ": the certificate in " + certificate.folder() + " is in the store already");
        }
        if (issued.filter(version -> !version.notBefore().isBefore(certificate.notBefore()))
                .isPresent()) {
            return new KeepExisting(certificate.name()
                    + ": the store keeps its certificate, which is not older than the one in " + certificate.folder());
        }
        return new InstallCertificate(certificate);
    }
}
