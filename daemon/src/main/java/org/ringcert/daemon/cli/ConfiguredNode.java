package org.ringcert.daemon.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.NodeStatusReader;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.status.CaNames;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.store.CertificateName;
import org.ringcert.store.StoreException;

/**
 * A configuration and which of its nodes this server is.
 *
 * @param self the name of this node
 */
record ConfiguredNode(Configuration configuration, HostName self) {

    /** Returns the names of CAs under this configuration, which are those that it uses for known CAs. */
    CaNames caNames() {
        return caNames(configuration);
    }

    /** Returns the names of CAs under a configuration, which are those that it uses for known CAs. */
    static CaNames caNames(Configuration configuration) {
        return NodeStatusReader.caNames(configuration);
    }

    /**
     * Returns the sites with these names, each name being any of a site's; all sites if there are no names.
     *
     * @throws UsageException if a name belongs to no site
     */
    List<Site> sites(List<String> names) throws UsageException {
        List<Site> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(site(name));
        }
        return names.isEmpty() ? configuration.sites() : chosen;
    }

    /**
     * Returns the certificates with these names, in the order of the configuration. A name is any of a site's, for all
     * of its certificates, or that of a certificate, such as {@code www.example.org+rsa}. Returns all certificates if
     * there are no names.
     *
     * @throws UsageException if a name belongs to no site or certificate
     */
    List<CertificateSpec> certificates(List<String> names) throws UsageException {
        List<CertificateSpec> all = LocalNode.specs(configuration, self);
        Set<CertificateName> chosen = new HashSet<>();
        for (String name : names) {
            List<CertificateName> matches = all.stream()
                    .map(CertificateSpec::name)
                    .filter(isMeantBy(name))
                    .toList();
            if (matches.isEmpty()) {
                throw UsageException.unknown(
                        name + " is not a certificate of the configuration, which has",
                        all.stream().map(CertificateSpec::name).toList());
            }
            chosen.addAll(matches);
        }
        return all.stream()
                .filter(spec -> names.isEmpty() || chosen.contains(spec.name()))
                .toList();
    }

    private Predicate<CertificateName> isMeantBy(String name) throws UsageException {
        if (name.contains("+")) {
            return certificate -> certificate.toString().equalsIgnoreCase(name);
        }
        HostName site = site(name).name();
        return certificate -> certificate.site().equals(site);
    }

    /**
     * Returns the site that has this name, as its first or any other.
     *
     * @throws UsageException if no site has it
     */
    Site site(String name) throws UsageException {
        try {
            return configuration.site(HostName.of(name)).orElseThrow(() -> unknownSite(name));
        } catch (IllegalArgumentException e) {
            throw new UsageException(name + " is not a site: " + e.getMessage());
        }
    }

    private UsageException unknownSite(String name) {
        String suggestion = configuration
                .siteNameLike(name)
                .map(like -> ". Did you mean " + like + "?")
                .orElse("");
        return new UsageException(name + " is not a site of the configuration, which has "
                + UsageException.list(configuration.sites()) + suggestion);
    }

    /** @throws StoreException if the store cannot be used */
    LocalNode open() throws StoreException {
        return new LocalNode(configuration, self);
    }
}
