package org.ringcert.daemon.turn;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.renew.CertificateDates;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates in this node's store, read when they are asked for. What cannot be read counts as missing; whoever
 * orders it reports that. Used once, by one thread.
 */
final class OwnCertificates {

    private static final Logger log = LoggerFactory.getLogger(OwnCertificates.class);

    private final Store store;
    private final URI ca;
    private final Collection<CertificateName> names;
    private final Instant now;
    private final Map<CertificateName, Versions> versions = new HashMap<>();
    private Optional<Map<URI, List<X509Certificate>>> byCa = Optional.empty();

    /** The versions of a certificate that are from the CA. */
    private record Versions(Optional<CertificateVersion> current, List<CertificateVersion> all) {}

    /** The dates of a certificate. */
    record OwnIssue(Instant notBefore, Instant notAfter) {

        static OwnIssue of(CertificateVersion version) {
            return new OwnIssue(version.notBefore(), version.notAfter());
        }
    }

    /**
     * @param ca the URL of the directory of the CA whose certificates are asked for
     * @param names all certificates that this node should have
     */
    OwnCertificates(Store store, URI ca, Collection<CertificateName> names, Instant now) {
        this.store = store;
        this.ca = ca;
        this.names = List.copyOf(names);
        this.now = now;
    }

    /** Returns the versions with exactly these names that are still on disk, valid or not. */
    List<OwnIssue> issued(CertificateName certificate, List<HostName> set) {
        return versions(certificate).all().stream()
                .filter(version -> hasNames(version, set))
                .map(OwnIssue::of)
                .toList();
    }

    /** Returns the current version if it has exactly these names and is good. */
    Optional<OwnIssue> valid(CertificateName certificate, List<HostName> set) {
        return versions(certificate)
                .current()
                .filter(version -> hasNames(version, set)
                        && now.isBefore(version.notAfter())
                        && version.revocation().isEmpty()
                        && !isRecalled(version))
                .map(OwnIssue::of);
    }

    /** Returns when the latest certificate with exactly these names began to be valid. */
    Optional<Instant> latest(List<HostName> set) {
        return names.stream()
                .flatMap(name -> issued(name, set).stream())
                .map(OwnIssue::notBefore)
                .max(Comparator.naturalOrder());
    }

    /** Returns whether the current version was revoked, or recalled by its CA. */
    boolean isRecalled(CertificateName certificate) {
        return versions(certificate)
                .current()
                .filter(version -> version.revocation().isPresent() || isRecalled(version))
                .isPresent();
    }

    /** Returns whether the current version has exactly these names, and was revoked or recalled. */
    boolean isRecalled(CertificateName certificate, List<HostName> set) {
        return isRecalled(certificate)
                && versions(certificate)
                        .current()
                        .filter(version -> hasNames(version, set))
                        .isPresent();
    }

    private boolean isRecalled(CertificateVersion version) {
        return CertificateDates.describeRecall(version, store.renewalSchedule(version), now)
                .isPresent();
    }

    private static boolean hasNames(CertificateVersion version, List<HostName> set) {
        Stream<HostName> uniqueName =
                version.origin() instanceof Origin.IssuedByCa issued ? issued.uniqueName().stream() : Stream.empty();
        return Stream.concat(version.orderedNames().stream(), uniqueName)
                .distinct()
                .sorted()
                .toList()
                .equals(set);
    }

    /** Returns the current version, whatever it is worth. */
    Optional<X509Certificate> leaf(CertificateName certificate) {
        return versions(certificate).current().map(CertificateVersion::leaf);
    }

    /** Returns the current certificates of all CAs, by the directory of the CA. */
    Map<URI, List<X509Certificate>> byCa() {
        if (byCa.isEmpty()) {
            Map<URI, List<X509Certificate>> found = new HashMap<>();
            for (CertificateName name : names) {
                current(name).ifPresent(version -> {
                    if (version.origin() instanceof Origin.IssuedByCa issued) {
                        found.computeIfAbsent(issued.directory(), _ -> new ArrayList<>())
                                .add(version.leaf());
                    }
                });
            }
            byCa = Optional.of(found);
        }
        return byCa.get();
    }

    private Versions versions(CertificateName certificate) {
        return versions.computeIfAbsent(certificate, this::read);
    }

    private Versions read(CertificateName certificate) {
        Optional<CertificateVersion> current = current(certificate);
        List<CertificateVersion> all;
        try {
            all = Stream.concat(current.stream(), store.versions(certificate).stream())
                    .filter(this::isFromCa)
                    .toList();
        } catch (StoreException e) {
            log.debug("{}: its versions cannot be read", certificate, e);
            all = current.stream().filter(this::isFromCa).toList();
        }
        return new Versions(current.filter(this::isFromCa), all);
    }

    private Optional<CertificateVersion> current(CertificateName certificate) {
        try {
            return store.current(certificate);
        } catch (StoreException e) {
            log.debug("{}: it cannot be read", certificate, e);
            return Optional.empty();
        }
    }

    private boolean isFromCa(CertificateVersion version) {
        return version.origin() instanceof Origin.IssuedByCa issued
                && issued.directory().equals(ca);
    }
}
