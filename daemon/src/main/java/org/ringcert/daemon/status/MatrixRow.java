package org.ringcert.daemon.status;

import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.store.CertificateName;
import org.ringcert.view.visitor.CellKey;

/**
 * A row of the matrix: one certificate of a site, at all servers.
 *
 * @param certificate its name in the store
 * @param kind the only kind of key that visitors of this row accept; empty if the site has certificates of one kind
 */
public record MatrixRow(Site site, CertificateName certificate, Optional<KeyAlgorithm> kind) {

    /** Returns the key of this row's cell at a server. */
    public CellKey key(HostName node) {
        return new CellKey(site.name(), kind, node);
    }
}
