package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.TestCa;

/** The real dehydrated, which orders from a test CA. */
public final class RealDehydrated {

    private static final Path PROGRAM = Path.of("/usr/bin/dehydrated");

    private final Path folder;

    private RealDehydrated(Path folder) {
        this.folder = folder;
    }

    /** Skips the test if the program is not installed. */
    public static void assumeInstalled() {
        assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not installed (Debian: dehydrated)");
    }

    /**
     * Writes the configuration of a new installation.
     *
     * @param folder for all of its files
     * @param challenges the folder that it puts challenges into
     * @param domains the content of domains.txt
     */
    public static RealDehydrated in(Path folder, TestCa ca, Path challenges, String domains) throws IOException {
        Files.writeString(Files.createDirectories(folder).resolve("config"), """
                CA="%s"
                WELLKNOWN="%s"
                KEY_ALGO=prime256v1
                ACCOUNT_KEYSIZE=2048
                CURL_OPTS="--cacert %s"
                """.formatted(
                        ca.directory(), challenges, ca.caFile()));
        Files.writeString(folder.resolve("domains.txt"), domains + "\n");
        return new RealDehydrated(folder);
    }

    /** Returns the folder with the current files of a site. */
    Path certificates(String site) {
        return folder.resolve("certs").resolve(site);
    }

    /** Registers an account. */
    public void register() throws IOException {
        run("--register", "--accept-terms");
    }

    /** Orders all certificates that are due. */
    public void cron(String... options) throws IOException {
        run(Stream.concat(Stream.of("--cron"), Stream.of(options)).toArray(String[]::new));
    }

    private void run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(PROGRAM.toString(), "--config", folder.resolve("config").toString()));
        command.addAll(List.of(arguments));
        try (ChildProcess process = ChildProcess.start(
                "dehydrated", command, Map.of(), folder.resolveSibling(folder.getFileName() + ".log"))) {
            assertThat(process.awaitExit(Testbed.TIMEOUT)).as(process.output()).isZero();
        }
    }
}
