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

/** smallstep's step-ca with one ACME provisioner and nothing else set. */
final class StepCa implements CaProgram {

    private static final String VERSION = "0.30.2";
    private static final URI DIRECTORY = URI.create("https://" + CaNetwork.CA_NAME + "/acme/acme/directory");

    @Override
    public String name() {
        return "step-ca";
    }

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public void install(Consumer<String> progress) throws IOException {
        GoPrograms.build("github.com/smallstep/certificates/cmd/step-ca", VERSION, progress);
    }

    @Override
    public RunningCa start(Path folder) throws IOException {
        CaKeys keys = CaKeys.write(folder);
        Path database = folder.resolve("db");
        Path configuration = Files.writeString(folder.resolve("ca.json"), """
            {
              "root": "%s",
              "crt": "%s",
              "key": "%s",
              "address": "%s:443",
              "dnsNames": ["%s"],
              "logger": {"format": "text"},
              "db": {"type": "badgerv2", "dataSource": "%s"},
              "authority": {"provisioners": [{"type": "ACME", "name": "acme"}]}
            }
            """.formatted(
                        keys.root(),
                        keys.intermediate(),
                        keys.intermediateKey(),
                        CaNetwork.CA_ADDRESS.getHostAddress(),
                        CaNetwork.CA_NAME,
                        database));
        CaProcess process = CaProcess.start(
                name(),
                folder,
                DIRECTORY,
                keys.root(),
                List.of(GoPrograms.path("step-ca", VERSION).toString(), configuration.toString()),
                Map.of("STEPPATH", folder.resolve("step").toString()));
        return new Running(keys, database, process);
    }

    private record Running(CaKeys keys, Path database, CaProcess process) implements RunningCa {

        @Override
        public URI directory() {
            return DIRECTORY;
        }

        @Override
        public Path caFile() {
            return keys.root();
        }

        @Override
        public List<X509Certificate> roots() throws IOException {
            return keys.roots();
        }

        @Override
        public void restartWithoutMemory() throws IOException {
            process.restartAfter(() -> Folders.delete(database));
        }

        @Override
        public void close() throws IOException {
            process.close();
        }
    }
}
