package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.Version;

/** What a node has on its disk. */
final class Certificates {

    private Certificates() {}

    /** The current version, of which the store has checked that key and certificate are a pair. */
    static Version current(Lab lab, int node, int site) throws Exception {
        Site wanted = lab.cluster().sites().get(site);
        return Store.open(lab.cluster().store(node), Clock.systemUTC())
                .current(wanted.name())
                .orElseThrow(() -> new AssertionError(wanted + " has no certificate"));
    }

    /** That it is there, for all names, and verifies to the CA's root. */
    static Version assertGood(Lab lab, int node, int site) throws Exception {
        Version version = current(lab, node, site);
        assertThat(version.origin()).isInstanceOf(Origin.Issued.class);
        assertThat(version.names())
                .containsExactlyInAnyOrderElementsOf(
                        lab.cluster().sites().get(site).names());
        List<X509Certificate> chain = version.chain();
        for (int i = 1; i < chain.size(); i++) {
            chain.get(i - 1).verify(chain.get(i).getPublicKey());
        }
        chain.getLast().verify(lab.ca().roots().getFirst().getPublicKey());
        assertThat(version.keyType()).contains(KeyType.EC256);
        return version;
    }
}
