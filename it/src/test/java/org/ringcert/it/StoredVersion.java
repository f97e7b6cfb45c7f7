package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.ringcert.cluster.Site;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;

/** What a node has on its disk, as its store reads it. */
final class StoredVersion {

    private StoredVersion() {}

    /** The site's current version. */
    static CertificateVersion current(Testbed testbed, int node, int site) throws Exception {
        Site wanted = testbed.cluster().sites().get(site);
        return Store.open(testbed.cluster().store(node), Clock.systemUTC())
                .current(wanted.name())
                .orElseThrow(() -> new AssertionError(wanted + " has no certificate"));
    }

    /** The site's current version, which is the CA's, verifies and has its key. */
    static CertificateVersion verified(Testbed testbed, int node, int site) throws Exception {
        CertificateVersion version = current(testbed, node, site);
        assertThat(version.origin()).isInstanceOf(Origin.Issued.class);
        assertThat(Certificates.verified(testbed, node, site)).isEqualTo(version.leaf());
        return version;
    }
}
