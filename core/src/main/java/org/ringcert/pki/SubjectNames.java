package org.ringcert.pki;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;

/** Reads the subject alternative names of certificates (RFC 5280, section 4.2.1.6). */
public final class SubjectNames {

    /** The type of DNS names in {@link X509Certificate#getSubjectAlternativeNames()}. */
    private static final Integer DNS_NAME = 2;

    private SubjectNames() {}

    /**
     * Returns the host names among the subject alternative names, sorted. Other names, such as wildcards, are left out.
     */
    public static List<HostName> hostNames(X509Certificate certificate) {
        return dnsNames(certificate)
                .flatMap(SubjectNames::hostName)
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * Returns the subject alternative names that {@link #hostNames} leaves out, as they stand in the certificate. Most
     * are wildcards and IP addresses.
     */
    public static List<String> otherNames(X509Certificate certificate) {
        return names(certificate)
                .filter(name -> !name.isDns() || hostName(name.text()).findAny().isEmpty())
                .map(AlternativeName::text)
                .toList();
    }

    /**
     * Whether a browser accepts the certificate for this host name, because of the name itself or a wildcard (RFC 9525,
     * section 6.3).
     */
    public static boolean matches(X509Certificate certificate, HostName name) {
        int dot = name.value().indexOf('.');
        String wildcard = "*" + name.value().substring(Math.max(dot, 0));
        return dnsNames(certificate)
                .anyMatch(dnsName ->
                        dnsName.equalsIgnoreCase(name.value()) || (dot > 0 && dnsName.equalsIgnoreCase(wildcard)));
    }

    private record AlternativeName(boolean isDns, String text) {}

    private static Stream<String> dnsNames(X509Certificate certificate) {
        return names(certificate).filter(AlternativeName::isDns).map(AlternativeName::text);
    }

    private static Stream<AlternativeName> names(X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return Stream.empty();
        }
        return names == null
                ? Stream.empty()
                : names.stream()
                        .map(name -> new AlternativeName(
                                Objects.equals(name.get(0), DNS_NAME),
                                name.get(1) instanceof String text ? text : "a name of type " + name.get(0)));
    }

    private static Stream<HostName> hostName(String name) {
        try {
            return Stream.of(HostName.of(name));
        } catch (IllegalArgumentException e) {
            return Stream.empty();
        }
    }
}
