package org.ringcert.it.cas;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ringcert.demo.ChildProcess;

/** The process of a CA that needs only one. Not thread-safe. */
final class CaProcess implements AutoCloseable {

    private final String name;
    private final Path folder;
    private final URI directory;
    private final Path caFile;
    private final List<String> command;
    private final Map<String, String> environment;
    private ChildProcess process;

    private CaProcess(
            String name,
            Path folder,
            URI directory,
            Path caFile,
            List<String> command,
            Map<String, String> environment,
            ChildProcess process) {
        this.name = name;
        this.folder = folder;
        this.directory = directory;
        this.caFile = caFile;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.process = process;
    }

    /**
     * Starts the process and waits until the directory answers.
     *
     * @param name for messages; also the name of the log
     * @param folder for the log
     * @param caFile what to trust; it may appear later
     */
    static CaProcess start(
            String name, Path folder, URI directory, Path caFile, List<String> command, Map<String, String> environment)
            throws IOException {
        ChildProcess process = launch(name, folder, directory, caFile, command, environment);
        return new CaProcess(name, folder, directory, caFile, command, environment, process);
    }

    private static ChildProcess launch(
            String name, Path folder, URI directory, Path caFile, List<String> command, Map<String, String> environment)
            throws IOException {
        ChildProcess started = ChildProcess.start(name, command, environment, folder.resolve(name + ".log"));
        try {
            CaDirectory.await200(directory, caFile, started);
            return started;
        } catch (IOException e) {
            started.close();
            throw e;
        }
    }

    interface Deed {
        void run() throws IOException;
    }

    /** Ends the process, does something, and starts it again. */
    void restartAfter(Deed deed) throws IOException {
        process.close();
        deed.run();
        process = launch(name, folder, directory, caFile, command, environment);
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
