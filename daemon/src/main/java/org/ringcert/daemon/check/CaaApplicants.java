package org.ringcert.daemon.check;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ringcert.acme.CaInformation;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;
import org.ringcert.view.ca.CaaPolicy.Applicant;

/** Finds out for whom CAA records must allow a certificate: a CA and this node's account there. */
public final class CaaApplicants {

    private CaaApplicants() {}

    /**
     * Returns the CA's names and this node's account, if it has one.
     *
     * @param information what the CA's directory says, if that is known
     */
    public static Applicant at(AcmeSettings ca, Optional<CaInformation> information, Optional<Store> store)
            throws StoreException {
        return new Applicant(identities(ca, information), account(ca.directory(), store));
    }

    /** Returns the CA's names in CAA records, as its directory says, or else as they are known. */
    private static Set<HostName> identities(AcmeSettings ca, Optional<CaInformation> information) {
        Set<HostName> identities = new LinkedHashSet<>(
                information.map(CaInformation::caaIdentities).orElseGet(List::of));
        if (identities.isEmpty()) {
            ca.known().map(PublicCa::caaIdentity).ifPresent(identities::add);
        }
        return identities;
    }

    private static Optional<URI> account(URI directory, Optional<Store> store) throws StoreException {
        Optional<StoredAccount> account =
                store.isPresent() ? store.get().accounts().find(directory) : Optional.empty();
        return account.flatMap(StoredAccount::url);
    }
}
