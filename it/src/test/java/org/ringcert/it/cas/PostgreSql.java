package org.ringcert.it.cas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.Folders;
import org.ringcert.demo.Programs;

/**
 * A database server of our own, with its data in a temporary folder, at 127.0.0.1:5432 of {@link CaNetwork}. It refuses
 * to be root, so root starts it as the user {@code postgres}, which its Debian package creates.
 */
final class PostgreSql implements AutoCloseable {

    /** The database user. Needs no password. */
    static final String USER = "postgres";

    /** Where Debian has the programs, in a folder for each version. */
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Path programs;
    private final Path folder;
    private final ChildProcess process;

    private PostgreSql(Path programs, Path folder, ChildProcess process) {
        this.programs = programs;
        this.folder = folder;
        this.process = process;
    }

    /**
     * Returns the folder with its programs.
     *
     * @throws IOException if it is not installed; the message is one line
     */
    static Path find() throws IOException {
        Optional<Path> inPath = Programs.find("initdb", System.getenv().getOrDefault("PATH", ""));
        if (inPath.isPresent()) {
            return inPath.get().toRealPath().resolveSibling("");
        }
        if (Files.isDirectory(DEBIAN)) {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                Optional<Path> newest = versions.map(version -> version.resolve("bin"))
                        .filter(programs -> Files.isExecutable(programs.resolve("initdb")))
                        .max(Comparator.naturalOrder());
                if (newest.isPresent()) {
                    return newest.get();
                }
            }
        }
        throw new IOException("no PostgreSQL in PATH or " + DEBIAN + " (Debian: postgresql)");
    }

    /** Starts a server with empty databases and waits until it answers. */
    static PostgreSql start(Path log) throws IOException {
        Path programs = find();
        // Its user cannot enter every folder.
        Path folder = Files.createTempDirectory("ringcert-postgresql-");
        try {
            if (isRoot()) {
                UserPrincipal owner =
                        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
                Files.setOwner(folder, owner);
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
            Path data = folder.resolve("data");
            Programs.run(
                    asUser(programs.resolve("initdb"), "-D", data.toString(), "-A", "trust", "-U", USER, "--no-sync"),
                    Map.of(),
                    Path.of("/"),
                    TIMEOUT);
            ChildProcess process = ChildProcess.start(
                    "postgres",
                    asUser(
                            programs.resolve("postgres"),
                            "-D",
                            data.toString(),
                            "-c",
                            "listen_addresses=127.0.0.1",
                            "-c",
                            "unix_socket_directories=",
                            "-c",
                            "fsync=off"),
                    Map.of(),
                    log);
            PostgreSql server = new PostgreSql(programs, folder, process);
            server.awaitReady();
            return server;
        } catch (IOException e) {
            Folders.delete(folder);
            throw e;
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static List<String> asUser(Path program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups", "--"));
        }
        command.add(program.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private void awaitReady() throws IOException {
        try {
            Awaitility.await().atMost(TIMEOUT).until(() -> !process.isAlive() || isReady());
        } catch (ConditionTimeoutException e) {
            process.close();
            throw new IOException("PostgreSQL does not answer: " + process.output(), e);
        }
        if (!process.isAlive()) {
            throw new IOException("PostgreSQL has ended: " + process.output());
        }
    }

    private boolean isReady() {
        try {
            run("postgres", "SELECT 1");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs an SQL command. */
    void run(String database, String sql) throws IOException {
        Programs.run(
                List.of(
                        programs.resolve("psql").toString(),
                        "--host=127.0.0.1",
                        "--username=" + USER,
                        "--no-psqlrc",
                        "--quiet",
                        "--set=ON_ERROR_STOP=1",
                        "--command=" + sql,
                        database),
                Map.of(),
                folder,
                TIMEOUT);
    }

    /** Ends the server and deletes its data. */
    @Override
    public void close() throws IOException {
        // A fast shutdown, which ends the connections. If it were killed, its children would live on for a moment.
        process.signal("INT");
        try {
            process.awaitExit(TIMEOUT);
        } finally {
            process.close();
            Folders.delete(folder);
        }
    }
}
