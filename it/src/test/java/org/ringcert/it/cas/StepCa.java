package org.ringcert.it.cas;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.Folders;
import tools.jackson.databind.json.JsonMapper;

/** smallstep's step-ca with one ACME provisioner and nothing else set. */
final class StepCa implements CaProgram {

    private static final String VERSION = "0.30.2";

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
        return new Running(folder);
    }

    private static final class Running implements RunningCa {

        private final Path folder;
        private final CaKeys keys;
        private final Path configuration;
        private ChildProcess process;

        Running(Path folder) throws IOException {
            this.folder = folder;
            this.keys = CaKeys.write(folder);
            this.configuration = folder.resolve("ca.json");
            Files.writeString(
                    configuration,
                    JsonMapper.shared()
                            .writeValueAsString(Map.of(
                                    "root",
                                    keys.root().toString(),
                                    "crt",
                                    keys.intermediate().toString(),
                                    "key",
                                    keys.intermediateKey().toString(),
                                    "address",
                                    CaNetwork.CA_ADDRESS.getHostAddress() + ":443",
                                    "dnsNames",
                                    List.of(CaNetwork.CA_NAME.value()),
                                    "logger",
                                    Map.of("format", "text"),
                                    "db",
                                    Map.of(
                                            "type",
                                            "badgerv2",
                                            "dataSource",
                                            database().toString()),
                                    "authority",
                                    Map.of("provisioners", List.of(Map.of("type", "ACME", "name", "acme"))))));
            this.process = startProcess();
        }

        private Path database() {
            return folder.resolve("db");
        }

        private ChildProcess startProcess() throws IOException {
            ChildProcess started = ChildProcess.start(
                    "step-ca",
                    List.of(GoPrograms.path("step-ca", VERSION).toString(), configuration.toString()),
                    Map.of("STEPPATH", folder.resolve("step").toString()),
                    folder.resolve("step-ca.log"));
            try {
                CaDirectory.await200(directory(), caFile(), started);
                return started;
            } catch (IOException e) {
                started.close();
                throw e;
            }
        }

        @Override
        public URI directory() {
            return URI.create("https://" + CaNetwork.CA_NAME + "/acme/acme/directory");
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
            process.close();
            Folders.delete(database());
            process = startProcess();
        }

        @Override
        public void close() throws IOException {
            process.close();
        }
    }
}
