package org.ringcert.renew;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.plan.WindowPlace;
import org.ringcert.store.CertificateVersion;

/**
 * Tells what a node has to know about canaries: for each site, one node renews first, and the others look at what it
 * got. Each method may look up names and connect to servers, so it blocks for seconds, or up to a minute for an
 * administrator's command; an interrupt ends that soon and is preserved. Thread-safe.
 */
public interface CanaryView {

    /** Of a node that has no peers and tests nothing. */
    CanaryView NONE = new CanaryView() {
        @Override
        public HostName self() {
            return new HostName("localhost");
        }

        @Override
        public WindowPlace place(CertificateSpec spec) {
            return WindowPlace.MIDDLE;
        }

        @Override
        public CanarySight look(CertificateSpec spec, CertificateVersion present) {
            return new CanarySight.NothingNew();
        }

        @Override
        public Optional<String> test(
                CertificateSpec spec, KeyPair key, List<X509Certificate> chain, CertificateVersion present) {
            return Optional.empty();
        }

        @Override
        public Optional<String> testServed(
                CertificateSpec spec, CertificateVersion version, CertificateVersion previous) {
            return Optional.empty();
        }
    };

    /** Returns the name of this node. */
    HostName self();

    /** Returns where in a window this node renews the certificate, by where the site's names lead now. */
    WindowPlace place(CertificateSpec spec);

    /**
     * Looks at what the canary presents.
     *
     * @param present this node's own certificate, which a newer one is compared with
     */
    CanarySight look(CertificateSpec spec, CertificateVersion present);

    /**
     * Tests a new certificate of this node before it replaces a good one.
     *
     * @return why clients would refuse it, half a sentence without a full stop; empty if they accept it
     */
    Optional<String> test(CertificateSpec spec, KeyPair key, List<X509Certificate> chain, CertificateVersion present);

    /**
     * Tests what this node presents, if it is the canary and presents this version.
     *
     * @param version the current version
     * @param previous the version that it has replaced
     * @return why clients would refuse it, half a sentence without a full stop; empty if they accept it, or if there is
     *     nothing to test
     */
    Optional<String> testServed(CertificateSpec spec, CertificateVersion version, CertificateVersion previous);
}
