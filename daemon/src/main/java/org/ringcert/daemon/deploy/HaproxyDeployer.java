package org.ringcert.daemon.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ringcert.renew.Deployer;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;

/**
 * Replaces certificates in a running HAProxy through its runtime API (HAProxy 2.2 or newer), so that no reload is
 * needed. Identifies the certificate's {@code combined.pem} by the name that it has in HAProxy's configuration; HAProxy
 * reads the same file at its next start. Keys are sent over this socket only.
 */
public final class HaproxyDeployer implements Deployer {

    /** The default of {@code tune.bufsize}, in bytes. */
    private static final int DEFAULT_BUFFER_SIZE = 16384;

    private static final int MAX_QUOTED = 300;

    private final HaproxyRuntimeApi haproxy;
    private final Path certificates;

    /**
     * Creates a deployer for one HAProxy.
     *
     * @param socket the socket of its runtime API, with {@code level admin}
     * @param certificates {@code certs/} of the store
     */
    public HaproxyDeployer(Path socket, Path certificates) {
        this.haproxy = new HaproxyRuntimeApi(socket);
        this.certificates = certificates;
    }

    @Override
    public Map<CertificateName, String> deploy(List<CertificateVersion> versions) {
        Map<CertificateName, String> failures = new HashMap<>();
        try {
            List<String> files = usedFiles();
            for (CertificateVersion version : versions) {
                try {
                    replace(version, files);
                } catch (IOException e) {
                    failures.put(version.name(), "HAProxy was not updated: " + e.getMessage());
                }
            }
        } catch (IOException e) {
            versions.forEach(version -> failures.put(version.name(), "HAProxy was not updated: " + e.getMessage()));
        }
        return failures;
    }

    /** Returns the names of the files whose certificates HAProxy uses. */
    private List<String> usedFiles() throws IOException {
        String reply = haproxy.send("show ssl cert");
        if (!reply.contains("# filename")) {
            throw failure("show ssl cert", reply);
        }
        // A name after an asterisk is a transaction that was begun and not committed.
        return reply.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith("*"))
                .toList();
    }

    private void replace(CertificateVersion version, List<String> files) throws IOException {
        Path combined = version.directory().resolve("combined.pem");
        List<String> names =
                files.stream().filter(name -> isCombinedPem(name, version)).toList();
        if (names.isEmpty()) {
            throw new IOException("it has no certificate "
                    + certificates.resolve(version.name().toString()).resolve("combined.pem")
                    + "; name that file in its configuration (bind ... ssl crt FILE) and reload it once");
        }
        // An empty line would end the payload.
        String pem = Files.readString(combined)
                .lines()
                .filter(line -> !line.isBlank())
                .collect(Collectors.joining("\n", "", "\n"));
        for (String name : names) {
            replace(name.replace("\\", "\\\\").replace(" ", "\\ "), pem);
        }
    }

    private boolean isCombinedPem(String name, CertificateVersion version) {
        try {
            Path file = Path.of(name);
            return file.equals(certificates.resolve(version.name().toString()).resolve("combined.pem"))
                    || (file.isAbsolute()
                            && Files.exists(file)
                            && Files.isSameFile(file, version.directory().resolve("combined.pem")));
        } catch (InvalidPathException | IOException e) {
            return false;
        }
    }

    private void replace(String file, String pem) throws IOException {
        String setReply = sendSet("set ssl cert " + file + " <<\n" + pem);
        if (!setReply.contains("ransaction created") && !setReply.contains("ransaction updated")) {
            haproxy.send("abort ssl cert " + file);
            // HAProxy may repeat what it did not understand, and that could be the key.
            throw failure(
                    "set ssl cert",
                    setReply.lines()
                            .filter(line -> pem.lines().noneMatch(line::contains))
                            .collect(Collectors.joining(" ")));
        }
        String commitReply = haproxy.send("commit ssl cert " + file);
        if (!commitReply.contains("Success")) {
            haproxy.send("abort ssl cert " + file);
            throw failure("commit ssl cert", commitReply);
        }
    }

    /**
     * Sends the command that contains chain and key. HAProxy accepts a command only if it fits into one of its buffers
     * together with its payload. It reads a part of a larger one and closes the connection without a reply, or waits
     * forever. The limit of HAProxy 2.6 was measured as 16383 bytes with the default {@code tune.bufsize} of 16384.
     */
    private String sendSet(String command) throws IOException {
        int size = HaproxyRuntimeApi.size(command);
        try {
            String reply = haproxy.send(command);
            if (!reply.isBlank()) {
                return reply;
            }
        } catch (IOException e) {
            if (size < DEFAULT_BUFFER_SIZE) {
                throw e;
            }
        }
        throw new IOException(
                "chain and key take " + size
                        + " bytes, and HAProxy silently drops what is larger than its buffer ("
                        + DEFAULT_BUFFER_SIZE + " bytes, unless configured otherwise): write `tune.bufsize "
                        + Math.max(2 * DEFAULT_BUFFER_SIZE, 2 * Integer.highestOneBit(size))
                        + "` into its section `global` and restart it. The file that it reads is already the new one, so `systemctl reload haproxy` also serves it");
    }

    private static IOException failure(String command, String reply) {
        String text = reply.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        String remedy = command.startsWith("show")
                ? "; this needs HAProxy 2.2 or newer, and `level admin` on its `stats socket`"
                : "";
        return new IOException("it answers `" + command + "` with: "
                + (text.isEmpty() ? "nothing" : text.substring(0, Math.min(MAX_QUOTED, text.length()))) + remedy);
    }
}
