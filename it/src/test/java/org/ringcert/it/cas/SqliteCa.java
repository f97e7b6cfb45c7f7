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
import org.ringcert.demo.Programs;

/**
 * A running Python CA whose memory is a file of SQLite.
 *
 * @param orderTables the tables with orders and what belongs to them
 */
record SqliteCa(
        PythonProgram program,
        Gunicorn server,
        URI directory,
        HttpsFiles https,
        CaKeys keys,
        Path database,
        List<String> orderTables)
        implements RunningCa {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Empties tables: the file, then the tables. */
    private static final String EMPTY = """
            import sqlite3, sys
            with sqlite3.connect(sys.argv[1], timeout=20) as database:
                for table in sys.argv[2:]:
                    database.execute(f'DELETE FROM "{table}"')
            """;

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
        Files.delete(database);
        server.start();
    }

    @Override
    public boolean forgetOrders() throws IOException {
        List<String> command = new ArrayList<>(List.of(program.python().toString(), "-c", EMPTY, database.toString()));
        command.addAll(orderTables);
        Programs.run(command, Map.of(), Path.of("/"), TIMEOUT);
        return true;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
