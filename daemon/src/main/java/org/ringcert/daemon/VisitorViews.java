package org.ringcert.daemon;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.NodeSettings;
import org.ringcert.daemon.status.MatrixRow;
import org.ringcert.http.HostResolver;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.view.visitor.CaStanding;
import org.ringcert.view.visitor.CellKey;
import org.ringcert.view.visitor.ChainTrust;
import org.ringcert.view.visitor.InstalledCertificates;
import org.ringcert.view.visitor.SightTargets;
import org.ringcert.view.visitor.VisitorTarget;
import org.ringcert.view.visitor.VisitorView;

/** Derives from a configuration what visitors of the cluster look at, and how their view is judged. */
public final class VisitorViews {

    /** Maximum time for one look at one address of a server. */
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    private VisitorViews() {}

    /** Returns every certificate of every site at every server: in the order of the sites, then of the servers. */
    public static List<VisitorTarget> targets(Configuration configuration) {
        return configuration.sites().stream()
                .flatMap(site -> targets(configuration, site))
                .toList();
    }

    /** Returns what a node keeps an eye on. */
    static SightTargets sightTargets(Configuration configuration, Cluster cluster) {
        HostName self = cluster.self().name();
        List<VisitorTarget> all = targets(configuration);
        return new SightTargets(
                all.stream().filter(target -> target.node().equals(self)).toList(),
                all.stream().filter(target -> !target.node().equals(self)).toList(),
                cluster.peers());
    }

    /** Returns every certificate of one site at every server. */
    static Stream<VisitorTarget> targets(Configuration configuration, Site site) {
        List<Optional<KeyAlgorithm>> kinds = kinds(configuration, site);
        return configuration.nodes().stream().flatMap(node -> kinds.stream().map(kind -> target(site, kind, node)));
    }

    private static VisitorTarget target(Site site, Optional<KeyAlgorithm> kind, NodeSettings node) {
        return new VisitorTarget(
                site,
                kind,
                node.node().name(),
                node.https().host(),
                node.https().port());
    }

    /** Returns the certificates that visitors can get, in the order of the configuration. */
    public static List<MatrixRow> rows(Configuration configuration) {
        return configuration.sites().stream()
                .flatMap(site -> rows(configuration, site))
                .toList();
    }

    private static Stream<MatrixRow> rows(Configuration configuration, Site site) {
        List<Optional<KeyAlgorithm>> kinds = kinds(configuration, site);
        List<CertificateName> names = configuration.certificates(site);
        return IntStream.range(0, kinds.size())
                .mapToObj(index -> new MatrixRow(site, names.get(index), kinds.get(index)));
    }

    /** Returns all servers, in the order of the configuration. */
    public static List<HostName> nodes(Configuration configuration) {
        return configuration.nodes().stream().map(each -> each.node().name()).toList();
    }

    /** Returns the kinds of keys of a site's certificates; one that is empty if they are all of one kind. */
    static List<Optional<KeyAlgorithm>> kinds(Configuration configuration, Site site) {
        List<KeyType> keys =
                configuration.keys(site, configuration.authorities().getFirst());
        return keys.size() == 1
                ? List.of(Optional.empty())
                : keys.stream().map(key -> Optional.of(key.algorithm())).toList();
    }

    /** Returns the view from a node that has a store. It does nothing until it is used. */
    public static VisitorView of(
            Configuration configuration, HostName self, Store store, HostResolver resolver, InstantSource clock) {
        return of(configuration, self, key -> installed(configuration, store, key), resolver, clock);
    }

    /** Returns the view for a user who may not see the node's store. It does nothing until it is used. */
    public static VisitorView withoutStore(
            Configuration configuration, HostName self, HostResolver resolver, InstantSource clock) {
        return of(configuration, self, InstalledCertificates.NONE, resolver, clock);
    }

    private static VisitorView of(
            Configuration configuration,
            HostName self,
            InstalledCertificates installed,
            HostResolver resolver,
            InstantSource clock) {
        return new VisitorView(
                self, resolver, clock, trust(configuration), standing(configuration), installed, TIMEOUT);
    }

    /** Returns whom a visitor trusts who trusts the configured CAs as well. The system's roots are read when needed. */
    static ChainTrust trust(Configuration configuration) {
        return ChainTrust.ofSystem(System.getenv(), roots(configuration));
    }

    /** Returns the roots of the configured CAs: their own https mostly has a certificate of the same root. */
    private static List<X509Certificate> roots(Configuration configuration) {
        return configuration.authorities().stream()
                .map(AcmeSettings::trustedRoots)
                .flatMap(Optional::stream)
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    private static CaStanding standing(Configuration configuration) {
        return configuration.authorities().stream().allMatch(VisitorViews::isTrustedByBrowsers)
                ? CaStanding.PUBLIC
                : CaStanding.PRIVATE;
    }

    private static boolean isTrustedByBrowsers(AcmeSettings ca) {
        return ca.known().filter(known -> !known.isForTests()).isPresent();
    }

    private static List<X509Certificate> installed(Configuration configuration, Store store, CellKey key) {
        Optional<CertificateName> name = configuration.site(key.site()).flatMap(site -> name(configuration, site, key));
        try {
            return name.isPresent()
                    ? store.current(name.get()).map(CertificateVersion::chain).orElse(List.of())
                    : List.of();
        } catch (StoreException e) {
            // `ringcert status` reports this.
            return List.of();
        }
    }

    private static Optional<CertificateName> name(Configuration configuration, Site site, CellKey key) {
        List<CertificateName> names = configuration.certificates(site);
        int index = kinds(configuration, site).indexOf(key.kind());
        return index < 0 ? Optional.empty() : Optional.of(names.get(index));
    }
}
