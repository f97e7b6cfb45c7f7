package org.ringcert.pki;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    public static Optional<RootBundle> find(Map<String, String> environment) {
        return Stream.concat(Stream.ofNullable(environment.get(VARIABLE)), FILES.stream())
                .map(file -> read(Path.of(file)))
                .filter(roots -> !roots.isEmpty())
                .findFirst();
    }

    private static RootBundle read(Path file) {
        List<byte[]> roots = new ArrayList<>();
        try {
            Matcher block = CERTIFICATE.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            while (block.find()) {
                decode(block.group(1)).ifPresent(roots::add);
            }
        } catch (IOException e) {
            // The next file may be readable.
        }
        return RootBundle.ofEncoded(roots);
    }

    private static Optional<byte[]> decode(String base64) {
        try {
            return Optional.of(Base64.getMimeDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
