package org.ringcert.it.cas;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ringcert.demo.PebbleBinaries;
import org.ringcert.demo.Programs;
import org.ringcert.pki.Pem;

/**
 * Let's Encrypt's CA for tests, with its default behaviour: it waits before it validates, and refuses some nonces. It
 * keeps everything in memory.
 */
record Pebble(String name, Release release) implements CaProgram {

    enum Release {
        DEBIAN,
        NEWEST
    }

    private static final String ADDRESS = CaNetwork.CA_ADDRESS.getHostAddress();
    private static final URI DIRECTORY = URI.create("https://" + CaNetwork.CA_NAME + "/dir");
    private static final URI ROOT = URI.create("https://" + CaNetwork.CA_NAME + ":15000/roots/0");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Override
    public String version() throws IOException {
        return switch (release) {
            case DEBIAN ->
                Programs.run(List.of("dpkg-query", "-W", "-f", "${Version}", "pebble"), Map.of(), Path.of("/"), TIMEOUT)
                        .strip();
            case NEWEST -> "2.10.3";
        };
    }

    @Override
    public void install(Consumer<String> progress) throws IOException {
        var _ = binaries(progress);
        if (release == Release.DEBIAN) {
            // Fails if the program is not of Debian's package.
            var _ = version();
        }
    }

    private PebbleBinaries binaries(Consumer<String> progress) throws IOException {
        return switch (release) {
            case DEBIAN -> PebbleBinaries.find(progress);
            case NEWEST -> PebbleBinaries.newest(progress);
        };
    }

    @Override
    public RunningCa start(Path folder) throws IOException {
        HttpsFiles https = HttpsFiles.write(folder);
        Path configuration = Files.writeString(
                folder.resolve("pebble.json"), """
            {
              "pebble": {
                "listenAddress": "%1$s:443",
                "managementListenAddress": "%1$s:15000",
                "certificate": "%2$s",
                "privateKey": "%3$s",
                "httpPort": 80,
                "tlsPort": 1
              }
            }
            """.formatted(ADDRESS, https.certificate(), https.key()));
        CaProcess process = CaProcess.start(
                name,
                folder,
                DIRECTORY,
                https.certificate(),
                List.of(
                        binaries(System.out::println).pebble().toString(),
                        "-config",
                        configuration.toString(),
                        "-dnsserver",
                        CaNetwork.DNS_ADDRESS.getHostAddress() + ":53"),
                Map.of());
        return new Running(https.certificate(), process);
    }

    private record Running(Path caFile, CaProcess process) implements RunningCa {

        @Override
        public URI directory() {
            return DIRECTORY;
        }

        @Override
        public List<X509Certificate> roots() throws IOException {
            try {
                return Pem.certificates(CaDirectory.get(ROOT, caFile).body());
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void restartWithoutMemory() throws IOException {
            process.restartAfter(() -> {});
        }

        @Override
        public void close() throws IOException {
            process.close();
        }
    }
}
