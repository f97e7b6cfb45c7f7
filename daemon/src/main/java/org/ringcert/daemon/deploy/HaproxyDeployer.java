package org.ringcert.daemon.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.renew.Deployer;
import org.ringcert.store.CertificateVersion;

/**
 * Sets certificates in a HAProxy that runs, by its runtime API (HAProxy 2.2 or newer), so that it needs no reload. It
 * finds the site's {@code combined.pem} under the name that HAProxy's configuration gives it; what HAProxy reads at its
 * next start is the same file. Keys go through that socket only.
 */
public final class HaproxyDeployer implements Deployer {

    /** What {@code tune.bufsize} is where nobody has set it. */
    private static final int USUAL_BUFFER = 16384;

    private final HaproxyRuntimeApi haproxy;
    private final Path certificates;

    /**
     * A HAProxy and what it is told.
     *
     * @param socket of its runtime API, with {@code level admin}
     * @param certificates {@code certs/} of the store
     */
    public HaproxyDeployer(Path socket, Path certificates) {
        this.haproxy = new HaproxyRuntimeApi(socket);
        this.certificates = certificates;
    }

    @Override
    public Map<HostName, String> deploy(List<CertificateVersion> versions) {
        Map<HostName, String> failures = new HashMap<>();
        try {
            List<String> known = known();
            for (CertificateVersion version : versions) {
                try {
                    set(version, known);
                } catch (IOException e) {
                    failures.put(version.site(), "HAProxy was not told: " + e.getMessage());
                }
            }
        } catch (IOException e) {
            versions.forEach(version -> failures.put(version.site(), "HAProxy was not told: " + e.getMessage()));
        }
        return failures;
    }

    /** The files whose certificates HAProxy has in use. */
    private List<String> known() throws IOException {
        String answer = haproxy.ask("show ssl cert");
        if (!answer.contains("# filename")) {
            throw refused("show ssl cert", answer);
        }
        // a name behind a star is a transaction that somebody has not finished
        return answer.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith("*"))
                .toList();
    }

    private void set(CertificateVersion version, List<String> known) throws IOException {
        Path combined = version.directory().resolve("combined.pem");
        List<String> names =
                known.stream().filter(name -> isThatOf(name, version)).toList();
        if (names.isEmpty()) {
            throw new IOException("it has no certificate "
                    + certificates.resolve(version.site().value()).resolve("combined.pem")
                    + "; name that file in its configuration (bind ... ssl crt FILE) and reload it once");
        }
        // an empty line would end what is sent
        String pem = Files.readString(combined)
                .lines()
                .filter(line -> !line.isBlank())
                .collect(Collectors.joining("\n", "", "\n"));
        for (String name : names) {
            set(name.replace("\\", "\\\\").replace(" ", "\\ "), pem);
        }
    }

    private boolean isThatOf(String name, CertificateVersion version) {
        try {
            Path named = Path.of(name);
            return named.equals(certificates.resolve(version.site().value()).resolve("combined.pem"))
                    || (named.isAbsolute()
                            && Files.exists(named)
                            && Files.isSameFile(named, version.directory().resolve("combined.pem")));
        } catch (InvalidPathException | IOException e) {
            return false;
        }
    }

    private void set(String file, String pem) throws IOException {
        String begun = begin("set ssl cert " + file + " <<\n" + pem);
        if (!begun.contains("ransaction created") && !begun.contains("ransaction updated")) {
            haproxy.ask("abort ssl cert " + file);
            // what it did not understand it may repeat, and that would be the key
            throw refused(
                    "set ssl cert",
                    begun.lines()
                            .filter(line -> pem.lines().noneMatch(line::contains))
                            .collect(Collectors.joining(" ")));
        }
        String ended = haproxy.ask("commit ssl cert " + file);
        if (!ended.contains("Success")) {
            haproxy.ask("abort ssl cert " + file);
            throw refused("commit ssl cert", ended);
        }
    }

    /**
     * The first step, which carries chain and key. HAProxy takes a command only if it and its payload fit into one of
     * its buffers; of a larger one it reads a part and closes the connection without a word (seen with HAProxy 2.6:
     * 16383 bytes at its usual {@code tune.bufsize} of 16384), or waits for ever.
     */
    private String begin(String command) throws IOException {
        int size = HaproxyRuntimeApi.size(command);
        try {
            String answer = haproxy.ask(command);
            if (!answer.isBlank()) {
                return answer;
            }
        } catch (IOException e) {
            if (size < USUAL_BUFFER) {
                throw e;
            }
        }
        throw new IOException(
                "chain and key take " + size
                        + " bytes, and HAProxy closes without a word on what is larger than its buffer ("
                        + USUAL_BUFFER + " bytes, unless its configuration says otherwise): write `tune.bufsize "
                        + Math.max(2 * USUAL_BUFFER, 2 * Integer.highestOneBit(size))
                        + "` into its section `global` and restart it. The file that it reads is the new one already, so `systemctl reload haproxy` serves it as well");
    }

    private static IOException refused(String command, String answer) {
        String said = answer.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        String remedy = command.startsWith("show")
                ? "; this takes HAProxy 2.2 or newer, and `level admin` at its `stats socket`"
                : "";
        return new IOException("it answers `" + command + "` by: "
                + (said.isEmpty() ? "nothing" : said.substring(0, Math.min(300, said.length()))) + remedy);
    }
}
