package org.ringcert.daemon;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.KeyUse;
import org.ringcert.store.CertificateName;

/** Derives from a configuration which certificates a node should have. */
final class CertificateSpecs {

    private CertificateSpecs() {}

    /** Returns one for each site and kind of key, in the order of the configuration, without unique names. */
    static List<CertificateSpec> of(Configuration configuration) {
        return configuration.sites().stream()
                .flatMap(site -> of(configuration, site, Optional.empty()).stream())
                .toList();
    }

    /**
     * Returns one for each site and kind of key, in the order of the configuration.
     *
     * @param node the node whose certificates they are
     */
    static List<CertificateSpec> of(Configuration configuration, HostName node) {
        return configuration.sites().stream()
                .flatMap(site -> of(configuration, site, configuration.uniqueName(site, node)).stream())
                .toList();
    }

    private static List<CertificateSpec> of(Configuration configuration, Site site, Optional<HostName> uniqueName) {
        List<CertificateName> names = configuration.certificates(site);
        return IntStream.range(0, names.size())
                .mapToObj(kind ->
                        new CertificateSpec(site, names.get(kind), sources(configuration, site, kind), uniqueName))
                .toList();
    }

    /** @param kind the index of the kind of key in the site's list */
    private static List<CertificateSpec.Source> sources(Configuration configuration, Site site, int kind) {
        return configuration.authorities().stream()
                .map(ca -> new CertificateSpec.Source(
                        ca.directory(),
                        configuration.keys(site, ca).get(kind),
                        configuration.profile(site, ca),
                        ca.root(),
                        ca.reuseKey() ? KeyUse.SAME_KEY : KeyUse.NEW_KEY))
                .toList();
    }
}
