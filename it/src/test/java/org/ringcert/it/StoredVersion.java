package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.ringcert.cluster.Site;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;

/** Reads certificates from the store of a node. */
public final class StoredVersion {

    private StoredVersion() {}

    /** Returns the site's current version. */
    public static CertificateVersion current(Testbed testbed, int node, int site) throws Exception {
        Site expected = testbed.cluster().sites().get(site);
        return Store.open(testbed.cluster().store(node), Clock.systemUTC())
                .current(CertificateName.first(expected.name()))
                .orElseThrow(() -> new AssertionError(expected + " has no certificate"));
    }

    /**
     * Returns the site's current version, after checking that the CA issued it, that its chain verifies and that its
     * key matches.
     */
    public static CertificateVersion verified(Testbed testbed, int node, int site) throws Exception {
        CertificateVersion version = current(testbed, node, site);
        assertThat(version.origin()).isInstanceOf(Origin.IssuedByCa.class);
        assertThat(Certificates.verified(testbed, node, site)).isEqualTo(version.leaf());
        return version;
    }
}
