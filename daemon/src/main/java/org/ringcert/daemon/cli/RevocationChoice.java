package org.ringcert.daemon.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ringcert.acme.RevocationReason;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.LocalNode;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** Which certificates the argument of {@code ringcert revoke} names: configured ones, and those that are only kept. */
record RevocationChoice(ConfiguredNode configured, Store store) {

    /**
     * Returns the certificates; at least one, all of one site. A name is that of a certificate, such as
     * {@code www.example.org+rsa}, or any name of a site, for all of its certificates. A certificate that a site no
     * longer has is left out, unless the site itself is no longer configured or the keys are compromised.
     *
     * @throws UsageException if there is no such certificate
     */
    List<CertificateName> named(String name, RevocationReason reason, Instant now)
            throws UsageException, StoreException {
        Set<CertificateName> specified = LocalNode.specs(configured.configuration(), configured.self()).stream()
                .map(CertificateSpec::name)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<CertificateName> all = new TreeSet<>(specified);
        all.addAll(store.storedCertificates());
        if (name.contains("+")) {
            return all.stream()
                    .filter(each -> each.toString().equals(name.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .map(List::of)
                    .orElseThrow(() -> new UsageException(printable(name)
                            + " is no certificate of the configuration, and none that this server keeps. It has "
                            + UsageException.list(all)));
        }
        HostName given = parse(name);
        Optional<HostName> site = configured.configuration().site(given).map(Site::name);
        List<CertificateName> chosen = all.stream()
                .filter(each -> each.site().equals(site.orElse(given)))
                .toList();
        if (chosen.isEmpty()) {
            throw new UsageException(name + " is not a site of the configuration, which has "
                    + UsageException.list(configured.configuration().sites())
                    + ", and this server keeps no certificate of that name.");
        }
        if (site.isEmpty()) {
            return chosen;
        }
        boolean withKept = reason == RevocationReason.KEY_COMPROMISE;
        List<CertificateName> result = new ArrayList<>();
        for (CertificateName each : chosen) {
            if (specified.contains(each) || (withKept && isIssuedAndValid(each, now))) {
                result.add(each);
            }
        }
        return result;
    }

    private static HostName parse(String name) throws UsageException {
        try {
            return HostName.of(name);
        } catch (IllegalArgumentException e) {
            throw new UsageException(printable(name) + " is not a site: " + e.getMessage());
        }
    }

    private static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }

    private boolean isIssuedAndValid(CertificateName name, Instant now) throws StoreException {
        Optional<CertificateVersion> current = store.current(name);
        return current.filter(
                        version -> version.origin() instanceof Origin.IssuedByCa && now.isBefore(version.notAfter()))
                .isPresent();
    }
}
