package org.ringcert.daemon.migration;

import java.util.Optional;
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
            store.accounts().save(account.directory(), saved);
            return "Account " + account.url() + " is this node's from now on";
        }
    }

    /** Makes the certificate the site's current version. */
    record InstallCertificate(NamedCertificate certificate) implements ImportAction {
        @Override
        public String apply(Store store) throws StoreException {
            FoundCertificate found = certificate.found();
            Origin origin = new Origin.IssuedByCa(
                    found.directory(),
                    found.account().map(FoundAccount::url),
                    found.formerSettings().profile());
            CertifiedKey certifiedKey = found.certifiedKey();
            store.install(certificate.name(), certifiedKey.key(), certifiedKey.chain(), origin);
            return certificate.name() + ": taken over from " + found.description() + ", good until "
                    + found.leaf().getNotAfter().toInstant();
        }
    }

    static ImportAction forAccount(FoundAccount account, Store store) throws StoreException {
        Optional<StoredAccount> existing = store.accounts().find(account.directory());
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

    static ImportAction forCertificate(NamedCertificate certificate, Store store) throws StoreException {
        FoundCertificate found = certificate.found();
        Optional<CertificateVersion> issued =
                store.current(certificate.name()).filter(version -> version.origin() instanceof Origin.IssuedByCa);
        if (issued.filter(version -> version.leaf().equals(found.leaf())).isPresent()) {
            return new KeepExisting(
                    certificate.name() + ": the certificate in " + found.description() + " is in the store already");
        }
        if (issued.filter(version -> !version.notBefore().isBefore(found.notBefore()))
                .isPresent()) {
            return new KeepExisting(certificate.name()
                    + ": the store keeps its certificate, which is not older than the one in " + found.description());
        }
        return new InstallCertificate(certificate);
    }
}
