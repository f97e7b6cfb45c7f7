package org.ringcert.pki;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;

/** The names that a certificate is for (RFC 5280, section 4.2.1.6). */
public final class SubjectNames {

    /** The number of that kind of name in {@link X509Certificate#getSubjectAlternativeNames()}. */
    private static final Integer DNS_NAME = 2;

    private SubjectNames() {}

    /** The host names among the subject alternative names, sorted; what else stands there, such as a wildcard, is left out. */
    public static List<HostName> of(X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return List.of();
        }
        if (names == null) {
            return List.of();
        }
        return names.stream()
                .filter(name -> Objects.equals(name.get(0), DNS_NAME))
                .flatMap(name -> hostName(String.valueOf(name.get(1))))
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<HostName> hostName(String name) {
        try {
            return Stream.of(HostName.of(name));
        } catch (IllegalArgumentException e) {
            return Stream.empty();
        }
    }
}
