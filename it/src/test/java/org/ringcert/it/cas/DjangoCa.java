package org.ringcert.it.cas;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.Programs;
import org.ringcert.pki.Pem;

/** django-ca with SQLite, Celery and Redis. */
final class DjangoCa extends PythonCa {

    private static final PythonProgram PROGRAM = new PythonProgram("django-ca", "3.2.0", 10);

    DjangoCa() {
        super(PROGRAM);
    }

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final List<String> SITE =
            List.of("__init__.py", "celery.py", "create.py", "forget.py", "settings.py", "urls.py", "wsgi.py");

    @Override
    public String setting() {
        return "with SQLite, `\"transaction_mode\": \"IMMEDIATE\"`; a `contact`, or `--acme-contact-optional`";
    }

    @Override
    public Map<Scenario, String> knownFailures() {
        return Map.of(Scenario.REDIRECT, "It follows no redirect.");
    }

    @Override
    public void install(Consumer<String> progress) throws IOException {
        redis();
        super.install(progress);
    }

    private static Path redis() throws IOException {
        return Programs.find("redis-server", System.getenv().getOrDefault("PATH", ""))
                .orElseThrow(() -> new IOException("no redis-server in PATH (Debian: redis-server)"));
    }

    @Override
    public RunningCa start(Path folder) throws IOException {
        return new Running(folder.toAbsolutePath());
    }

    private static final class Running implements RunningCa {

        private final Path folder;
        private final HttpsFiles https;
        private final Map<String, String> environment;
        private final URI directory;
        private final ChildProcess redis;
        private final ChildProcess celery;
        private final Gunicorn server;

        Running(Path folder) throws IOException {
            this.folder = folder;
            this.https = HttpsFiles.write(folder);
            this.environment = Map.of(
                    "CA_FOLDER", folder.toString(),
                    "CA_NAME", CaNetwork.CA_NAME.value(),
                    "DJANGO_SETTINGS_MODULE", "acme_site.settings",
                    "PYTHONPATH", folder.toString());
            PROGRAM.copyResources(
                    folder, SITE.stream().map(file -> "acme_site/" + file).toList());
            try (Startup startup = new Startup()) {
                this.redis = startup.add(startRedis());
                runModule("acme_site.create");
                this.celery = startup.add(startCelery());
                String serial = Files.readString(folder.resolve("serial"));
                this.directory =
                        URI.create("https://" + CaNetwork.CA_NAME + "/django_ca/acme/directory/" + serial + "/");
                this.server = new Gunicorn(
                        PROGRAM,
                        folder,
                        https,
                        directory,
                        List.of("--no-control-socket"),
                        "acme_site.wsgi",
                        environment);
                startup.succeeded();
            }
        }

        private ChildProcess startRedis() throws IOException {
            ChildProcess started = ChildProcess.start(
                    "redis-server",
                    List.of(
                            redis().toString(),
                            "--bind",
                            "127.0.0.1",
                            "--save",
                            "",
                            "--appendonly",
                            "no",
                            "--dir",
                            folder.toString()),
                    Map.of(),
                    folder.resolve("redis.log"));
            return awaitLine(started, "Ready to accept connections");
        }

        private ChildProcess startCelery() throws IOException {
            ChildProcess started = ChildProcess.start(
                    "celery",
                    List.of(
                            PROGRAM.python().toString(),
                            "-m",
                            "celery",
                            "--app=acme_site",
                            "worker",
                            // No children that would outlive it.
                            "--pool=solo",
                            "--loglevel=INFO"),
                    environment,
                    folder.resolve("celery.log"));
            return awaitLine(started, " ready.");
        }

        private static ChildProcess awaitLine(ChildProcess started, String end) throws IOException {
            try {
                started.awaitLine(line -> line.contains(end), TIMEOUT);
                return started;
            } catch (IOException e) {
                started.close();
                throw e;
            }
        }

        private void runModule(String... moduleAndArguments) throws IOException {
            List<String> command = new ArrayList<>(List.of(PROGRAM.python().toString(), "-m"));
            command.addAll(List.of(moduleAndArguments));
            Programs.run(command, environment, folder, TIMEOUT);
        }

        @Override
        public URI directory() {
            return directory;
        }

        @Override
        public Path caFile() {
            return https.certificate();
        }

        @Override
        public List<X509Certificate> roots() throws IOException {
            return Pem.certificates(Files.readString(folder.resolve("root.pem")));
        }

        @Override
        public void restartWithoutMemory() throws IOException {
            server.stop();
            runModule("acme_site.forget", "accounts");
            server.start();
        }

        @Override
        public boolean forgetOrders() throws IOException {
            runModule("acme_site.forget", "orders");
            return true;
        }

        @Override
        public void close() throws IOException {
            try (redis;
                    celery) {
                server.close();
            }
        }
    }
}
