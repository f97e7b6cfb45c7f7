package org.ringcert.it.cas;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ringcert.demo.ChildProcess;

/** A Python CA behind gunicorn with https: one process with several threads. It can be stopped and started again. */
final class Gunicorn implements AutoCloseable {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private final URI directory;
    private final Path caFile;
    private ChildProcess process;

    /**
     * Starts it and waits until the directory answers.
     *
     * @param folder its working directory, from which Python imports
     * @param options more options of gunicorn
     * @param application module and name of the WSGI application
     */
    Gunicorn(
            PythonProgram program,
            Path folder,
            HttpsFiles https,
            URI directory,
            List<String> options,
            String application,
            Map<String, String> environment)
            throws IOException {
        this.command = new ArrayList<>(List.of(
                program.python().toString(),
                "-m",
                "gunicorn",
                "--chdir=" + folder,
                "--pythonpath=" + folder,
                "--bind=" + CaNetwork.CA_ADDRESS.getHostAddress() + ":443",
                "--workers=1",
                "--worker-class=gthread",
                "--threads=8",
                "--graceful-timeout=2",
                "--certfile=" + https.certificate(),
                "--keyfile=" + https.key()));
        command.addAll(options);
        command.add(application);
        this.environment = Map.copyOf(environment);
        this.log = folder.resolve("gunicorn.log");
        this.directory = directory;
        this.caFile = https.certificate();
        this.process = startProcess();
    }

    private ChildProcess startProcess() throws IOException {
        ChildProcess started = ChildProcess.start("gunicorn", command, environment, log);
        try {
            CaDirectory.await200(directory, caFile, started);
            return started;
        } catch (IOException e) {
            started.close();
            throw e;
        }
    }

    /** Starts it again, after {@link #stop}. */
    void start() throws IOException {
        process = startProcess();
    }

    /** Ends it with its worker, which would live on for a moment if gunicorn itself were killed. */
    void stop() throws IOException {
        process.terminate();
        try {
            process.awaitExit(STOP_TIMEOUT);
        } finally {
            process.close();
        }
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
