package org.ringcert.pki;

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
 * Finds the CA certificates that this system trusts, in the file that is kept up to date for all programs. The Java
 * runtime's own copy would age with the runtime.
 */
public final class SystemRoots {

    /** Names a file to use instead of the system's, as for OpenSSL. */
    private static final String VARIABLE = "SSL_CERT_FILE";

    private static final List<String> FILES = List.of(
            "/etc/ssl/certs/ca-certificates.crt", // Debian, Alpine, Arch
            "/etc/pki/tls/certs/ca-bundle.crt", // Fedora, Red Hat
            "/etc/ssl/ca-bundle.pem"); // SUSE

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----");

    private SystemRoots() {}

    /**
     * Returns the certificates of the first file that has any; empty if there is none, and the Java runtime's own copy
     * is to be used. Blocks while it reads.
     *
     * @param environment the process's environment variables; {@code SSL_CERT_FILE} may name a file
     */
    public static Optional<List<X509Certificate>> find(Map<String, String> environment) {
        return Stream.concat(Stream.ofNullable(environment.get(VARIABLE)), FILES.stream())
                .map(file -> read(Path.of(file)))
                .filter(roots -> !roots.isEmpty())
                .findFirst();
    }

    /** Skips certificates that cannot be parsed; the others remain usable. */
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
