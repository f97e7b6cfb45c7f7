package org.ringcert.it.cas;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Serles with a backend of our own: the one that it has for OpenSSL issues certificates without names. One worker:
 * several would create the CA's key at the same time.
 */
final class SerlesAcme extends PythonCa {

    private static final PythonProgram PROGRAM = new PythonProgram("serles-acme", "1.3.0", 10);

    SerlesAcme() {
        super(PROGRAM);
    }

    @Override
    public String setting() {
        return "a backend that copies the names of the request: `serles.backends.openssl` does not";
    }

    @Override
    public RunningCa start(Path folder) throws IOException {
        CaKeys keys = CaKeys.write(folder);
        HttpsFiles https = HttpsFiles.write(folder);
        Path database = folder.resolve("serles.sqlite3");
        Path configuration = folder.resolve("config.ini");
        Files.writeString(configuration, """
                [serles]
                database = sqlite:///%s
                backend = acme_backend
                subjectNameTemplate = CN={SAN[0]}

                [openssl]
                cacert = %s
                cakey = %s
                """.formatted(database.toAbsolutePath(), keys.root(), keys.rootKey()));
        PROGRAM.copyResources(folder, List.of("acme_backend.py"));
        URI directory = URI.create("https://" + CaNetwork.CA_NAME + "/directory");
        Gunicorn server = new Gunicorn(
                PROGRAM,
                folder,
                https,
                directory,
                List.of("--no-control-socket"),
                "serles:create_app()",
                Map.of("CONFIG", configuration.toString()));
        return new SqliteCa(
                PROGRAM,
                server,
                directory,
                https,
                keys,
                database,
                List.of("challenge", "authorization", "identifier", "certificate", "order"));
    }
}
