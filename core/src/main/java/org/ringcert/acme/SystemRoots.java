package org.ringcert.acme;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The CA certificates that this system trusts, in the file that its administrator keeps up to date for all programs. A
 * Java runtime carries a copy of its own, which ages with it.
 */
final class SystemRoots {

    /** As for OpenSSL: names another file than the system's. */
    private static final String VARIABLE = "SSL_CERT_FILE";

    private static final List<String> FILES = List.of(
            "/etc/ssl/certs/ca-certificates.crt", // Debian, Alpine, Arch
            "/etc/pki/tls/certs/ca-bundle.crt", // Fedora, Red Hat
            "/etc/ssl/ca-bundle.pem"); // SUSE

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----");

    private SystemRoots() {}

    /** Those of the first file that has one; empty where there is none, which leaves it to the Java runtime. */
    static Optional<List<X509Certificate>> find(Map<String, String> environment) {
        return Stream.concat(Stream.ofNullable(environment.get(VARIABLE)), FILES.stream())
                .map(file -> read(Path.of(file)))
                .filter(roots -> !roots.isEmpty())
                .findFirst();
    }

    /** What a program cannot read of such a file it leaves out: the others are as good as before. */
    private static List<X509Certificate> read(Path file) {
        List<X509Certificate> roots = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            Matcher block = CERTIFICATE.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            while (block.find()) {
                certificate(factory, block.group(1)).ifPresent(roots::add);
            }
        } catch (IOException | CertificateException e) {
            return List.of();
        }
        return List.copyOf(roots);
    }

    private static Optional<X509Certificate> certificate(CertificateFactory factory, String base64) {
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            return Optional.of((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
        } catch (IllegalArgumentException | CertificateException e) {
            return Optional.empty();
        }
    }
}
