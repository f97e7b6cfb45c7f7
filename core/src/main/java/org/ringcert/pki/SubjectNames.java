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

    /**
     * The host names among the subject alternative names, sorted; what else stands there, such as a wildcard, is left
     * out.
     */
    public static List<HostName> hostNames(X509Certificate certificate) {
        return dnsNames(certificate)
                .flatMap(SubjectNames::hostName)
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * The subject alternative names that {@link #hostNames} leaves out, as they are written there: wildcards and
     * addresses above all.
     */
    public static List<String> otherNames(X509Certificate certificate) {
        return names(certificate)
                .filter(name -> !name.isDns() || hostName(name.text()).findAny().isEmpty())
                .map(Name::text)
                .toList();
    }

    /**
     * Whether a browser takes the certificate for that name's, by the name itself or by a wildcard (RFC 9525, section
     * 6.3).
     */
    public static boolean matches(X509Certificate certificate, HostName name) {
        int dot = name.value().indexOf('.');
        String wildcard = "*" + name.value().substring(Math.max(dot, 0));
        return dnsNames(certificate)
                .anyMatch(written ->
                        written.equalsIgnoreCase(name.value()) || (dot > 0 && written.equalsIgnoreCase(wildcard)));
    }

    private record Name(boolean isDns, String text) {}

    private static Stream<String> dnsNames(X509Certificate certificate) {
        return names(certificate).filter(Name::isDns).map(Name::text);
    }

    private static Stream<Name> names(X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return Stream.empty();
        }
        return names == null
                ? Stream.empty()
                : names.stream()
                        .map(name -> new Name(
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
