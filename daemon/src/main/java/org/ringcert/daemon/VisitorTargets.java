package org.ringcert.daemon;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.NodeSettings;
import org.ringcert.daemon.status.MatrixRow;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.store.CertificateName;
import org.ringcert.view.visitor.VisitorTarget;

/** Derives from a configuration what visitors can get: each certificate from each server. */
public final class VisitorTargets {

    private VisitorTargets() {}

    /** Returns the certificates, in the order of the configuration. */
    public static List<MatrixRow> rows(Configuration configuration) {
        return configuration.sites().stream()
                .flatMap(site -> rows(configuration, site))
                .toList();
    }

    private static Stream<MatrixRow> rows(Configuration configuration, Site site) {
        List<CertificateName> certificates = configuration.certificates(site);
        if (certificates.size() == 1) {
            return Stream.of(new MatrixRow(site, certificates.getFirst(), Optional.empty()));
        }
        // The algorithms are the same for each CA.
        List<KeyAlgorithm> kinds = configuration
                .keys(site, configuration.authorities().getFirst())
                .stream()
                .map(type -> type.algorithm())
                .toList();
        return IntStream.range(0, certificates.size())
                .mapToObj(kind -> new MatrixRow(site, certificates.get(kind), Optional.of(kinds.get(kind))));
    }

    /** Returns the kinds of keys of a site's certificates; one that is empty if they are all of one kind. */
    static List<Optional<KeyAlgorithm>> kinds(Configuration configuration, Site site) {
        return rows(configuration, site).map(MatrixRow::kind).toList();
    }

    /** Returns the servers, in the order of the configuration. */
    public static List<HostName> nodes(Configuration configuration) {
        return configuration.nodes().stream().map(each -> each.node().name()).toList();
    }

    /** Returns what to look at for all cells of one server, in the order of {@link #rows}. */
    public static List<VisitorTarget> at(Configuration configuration, NodeSettings node) {
        return rows(configuration).stream()
                .map(row -> new VisitorTarget(
                        row.site(),
                        row.kind(),
                        node.node().name(),
                        node.https().host(),
                        node.https().port()))
                .toList();
    }
}
