package org.ringcert.daemon.migration;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.SubjectNames;

/** The site that a certificate is for. */
final class CertifiedSite {

    private CertifiedSite() {}

    /**
     * Of the certificate's names, the one that its folder is named by is the first, if it is one; else the
     * certificate's common name. Nothing, and a problem noted, where it has names that Ringcert cannot renew:
     * wildcards, addresses.
     */
    static Optional<Site> of(X509Certificate leaf, Path place, Program program, SourceFiles files) {
        List<String> others = SubjectNames.otherNames(leaf);
        List<HostName> names = SubjectNames.hostNames(leaf);
        if (!others.isEmpty() || names.isEmpty()) {
            files.problem(
                    place,
                    others.isEmpty() ? "its certificate has no host name" : cannotBeRenewed(others),
                    program.keeps());
            return Optional.empty();
        }
        String folder = String.valueOf(place.getFileName());
        String subject = leaf.getSubjectX500Principal().getName();
        return Optional.of(new Site(names.stream()
                .sorted(Comparator.comparing((HostName name) -> !name.value().equals(folder))
                        .thenComparing(name -> !subject.equals("CN=" + name))
                        .thenComparing(Comparator.naturalOrder()))
                .toList()));
    }

    /**
     * The site of names as the other program writes them. Nothing, and a problem noted, where one of them is no host
     * name.
     */
    static Optional<Site> of(List<String> names, String place, Program program, SourceFiles files) {
        List<String> others =
                names.stream().filter(name -> hostName(name).isEmpty()).toList();
        if (!others.isEmpty() || names.isEmpty()) {
            files.problem(place, others.isEmpty() ? "it has no host name" : cannotBeRenewed(others), program.keeps());
            return Optional.empty();
        }
        return Optional.of(new Site(names.stream().map(HostName::of).distinct().toList()));
    }

    private static String cannotBeRenewed(List<String> names) {
        return "Ringcert cannot renew a certificate for " + String.join(", ", names) + ", only for host names";
    }

    private static Optional<HostName> hostName(String name) {
        try {
            return Optional.of(HostName.of(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
