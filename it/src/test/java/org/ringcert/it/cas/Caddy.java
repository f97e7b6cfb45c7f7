package org.ringcert.it.cas;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ringcert.demo.Folders;
import org.ringcert.pki.Pem;

/** Caddy with {@code acme_server} and nothing else set. Its CA is {@code local}. */
final class Caddy implements CaProgram {

    private static final String VERSION = "2.11.9";
    private static final URI DIRECTORY = URI.create("https://" + CaNetwork.CA_NAME + "/acme/local/directory");

    @Override
    public String name() {
        return "caddy";
    }

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public void install(Consumer<String> progress) throws IOException {
        GoPrograms.build("github.com/caddyserver/caddy/v2/cmd/caddy", VERSION, progress);
    }

    @Override
    public RunningCa start(Path folder) throws IOException {
        // Caddy would install its root on this machine, and listen on port 80 of every address.
        Path configuration = Files.writeString(
                folder.resolve("Caddyfile"), """
                        {
                            admin off
                            skip_install_trust
                            auto_https disable_redirects
                            default_bind %s
                        }
                        %s {
                            tls internal
                            acme_server
                        }
                        """.formatted(CaNetwork.CA_ADDRESS.getHostAddress(), CaNetwork.CA_NAME));
        Path data = folder.resolve("caddy");
        Path root = data.resolve("pki/authorities/local/root.crt");
        CaProcess process = CaProcess.start(
                name(),
                folder,
                DIRECTORY,
                root,
                List.of(
                        GoPrograms.path("caddy", VERSION).toString(),
                        "run",
                        "--config",
                        configuration.toString(),
                        "--adapter",
                        "caddyfile"),
                Map.of("XDG_DATA_HOME", folder.toString(), "XDG_CONFIG_HOME", folder.toString()));
        return new Running(root, data.resolve("acme_server"), process);
    }

    private record Running(Path caFile, Path database, CaProcess process) implements RunningCa {

        @Override
        public URI directory() {
            return DIRECTORY;
        }

        @Override
        public List<X509Certificate> roots() throws IOException {
            return Pem.certificates(Files.readString(caFile));
        }

        @Override
        public void restartWithoutMemory() throws IOException {
            process.restartAfter(() -> {
                if (Files.notExists(database)) {
                    throw new IOException("Caddy has no database in " + database);
                }
                Folders.delete(database);
            });
        }

        @Override
        public void close() throws IOException {
            process.close();
        }
    }
}
