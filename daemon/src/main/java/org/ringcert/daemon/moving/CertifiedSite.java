package org.ringcert.daemon.moving;

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
     * Of the certificate's names, the one that its folder is named by is the first, if it is one; else the certificate's common name.
     *
     * @param notes gets why there is no such site
     */
    static Optional<Site> of(X509Certificate leaf, Path place, List<String> notes) {
        List<String> others = SubjectNames.others(leaf);
        List<HostName> names = SubjectNames.of(leaf);
        if (!others.isEmpty() || names.isEmpty()) {
            notes.add(place + " is left out: "
                    + (others.isEmpty() ? "its certificate has no host name" : "http-01 cannot validate " + others));
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
}
