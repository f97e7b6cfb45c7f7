package org.ringcert.daemon.migration;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.SubjectNames;

/** Finds the site that a certificate is for. */
final class SiteNaming {

    private SiteNaming() {}

    /**
     * Returns the site of a certificate's names. Its first name is the name of the certificate's folder if the
     * certificate has that name, otherwise the certificate's common name. Returns nothing and adds a problem if
     * Ringcert cannot renew one of the names: a wildcard or an IP address.
     */
    static Optional<Site> of(X509Certificate leaf, Path folder, Program program, InstallationFiles files) {
        List<String> others = SubjectNames.otherNames(leaf);
        List<HostName> names = SubjectNames.hostNames(leaf);
        if (!others.isEmpty() || names.isEmpty()) {
            files.addProblem(
                    folder,
                    others.isEmpty() ? "its certificate has no host name" : cannotBeRenewed(others),
                    program.leaveRenewalAdvice());
            return Optional.empty();
        }
        String folderName = String.valueOf(folder.getFileName());
        String subject = leaf.getSubjectX500Principal().getName();
        return Optional.of(new Site(names.stream()
                .sorted(Comparator.comparing((HostName name) -> !name.value().equals(folderName))
                        .thenComparing(name -> !subject.equals("CN=" + name))
                        .thenComparing(Comparator.naturalOrder()))
                .toList()));
    }

    /**
     * Returns the site of names as the other program writes them. Returns nothing and adds a problem if one of them is
     * not a host name.
     *
     * @param location where they are written
     */
    static Optional<Site> of(List<String> names, String location, Program program, InstallationFiles files) {
        List<String> others =
                names.stream().filter(name -> hostName(name).isEmpty()).toList();
        if (!others.isEmpty() || names.isEmpty()) {
            files.addProblem(
                    location,
                    others.isEmpty() ? "it has no host name" : cannotBeRenewed(others),
                    program.leaveRenewalAdvice());
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
