package org.ringcert.it.cas;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** ACMEEH with its internal CA and PostgreSQL. psycopg-pool is 3.2.6: 3.3 answers without nonces. */
final class Acmeeh extends PythonCa {

    private static final PythonProgram PROGRAM = new PythonProgram("acmeeh", "2.1.0", 12);

    Acmeeh() {
        super(PROGRAM);
    }

    @Override
    public String setting() {
        return "`psycopg-pool` 3.2.6: with 3.3.3 it answers without nonces";
    }

    @Override
    public Map<Scenario, String> knownFailures() {
        return Map.of(
                Scenario.REFUSED_CONNECTION,
                "It gives no verdict: the challenge stays pending without an error, and the order is given up after 90"
                        + " seconds. The next one succeeds.");
    }

    @Override
    public void install(Consumer<String> progress) throws IOException {
        PostgreSql.find();
        super.install(progress);
    }

    @Override
    public RunningCa start(Path folder) throws IOException {
        return new Running(folder.toAbsolutePath());
    }

    private static final class Running implements RunningCa {

        private static final String DATABASE = "acmeeh";

        private final HttpsFiles https;
        private final CaKeys keys;
        private final PostgreSql database;
        private final Gunicorn server;

        Running(Path folder) throws IOException {
            this.https = HttpsFiles.write(folder);
            this.keys = CaKeys.write(folder);
            Path configuration = folder.resolve("config.yaml");
            Files.writeString(configuration, """
                    server:
                      external_url: https://%s
                    database:
                      host: 127.0.0.1
                      database: %s
                      user: %s
                      password: none
                      sslmode: disable
                      auto_setup: true
                    ca:
                      backend: internal
                      internal:
                        root_cert_path: %s
                        root_key_path: %s
                    challenges:
                      enabled: [http-01]
                    security:
                      rate_limits:
                        # Ten new accounts an hour for each address.
                        enabled: false
                    """.formatted(
                            CaNetwork.CA_NAME, DATABASE, PostgreSql.USER, keys.root(), keys.rootKey()));
            PROGRAM.copyResources(folder, List.of("gunicorn_conf.py"));
            this.database = PostgreSql.start(folder.resolve("postgresql.log"));
            try {
                database.run("postgres", "CREATE DATABASE " + DATABASE);
                this.server = new Gunicorn(
                        PROGRAM,
                        folder,
                        https,
                        directory(),
                        List.of("--config=" + folder.resolve("gunicorn_conf.py")),
                        "acmeeh.server.wsgi:app",
                        Map.of("ACMEEH_CONFIG", configuration.toString()));
            } catch (IOException e) {
                database.close();
                throw e;
            }
        }

        @Override
        public URI directory() {
            return URI.create("https://" + CaNetwork.CA_NAME + "/directory");
        }

        @Override
        public Path caFile() {
            return https.certificate();
        }

        @Override
        public List<X509Certificate> roots() throws IOException {
            return keys.roots();
        }

        @Override
        public void restartWithoutMemory() throws IOException {
            server.stop();
            database.run(DATABASE, "TRUNCATE accounts CASCADE");
            server.start();
        }

        @Override
        public boolean forgetOrders() throws IOException {
            database.run(DATABASE, "TRUNCATE orders CASCADE");
            return true;
        }

        @Override
        public void close() throws IOException {
            try (database) {
                server.close();
            }
        }
    }
}
