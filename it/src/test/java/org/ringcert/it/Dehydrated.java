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

/** An installation of the real dehydrated that orders from a test CA. */
public final class Dehydrated {

    private static final Path PROGRAM = Path.of("/usr/bin/dehydrated");

    private final Path folder;

    private Dehydrated(Path folder) {
        this.folder = folder;
    }

    /** Skips the test where it is not installed. */
    public static void isNeeded() {
        assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not installed (Debian: dehydrated)");
    }

    /**
     * Configures one.
     *
     * @param folder gets all that is its own
     * @param challenges where it puts them
     * @param domains the lines of domains.txt
     */
    public static Dehydrated in(Path folder, TestCa ca, Path challenges, String domains) throws IOException {
        Files.writeString(Files.createDirectories(folder).resolve("config"), """
                CA="%s"
                WELLKNOWN="%s"
                KEY_ALGO=prime256v1
                ACCOUNT_KEYSIZE=2048
                CURL_OPTS="--cacert %s"
                """.formatted(
                        ca.directory(), challenges, ca.caFile()));
        Files.writeString(folder.resolve("domains.txt"), domains + "\n");
        return new Dehydrated(folder);
    }

    /** Where the files for a site are. */
    Path certificates(String site) {
        return folder.resolve("certs").resolve(site);
    }

    /** Makes the account. */
    public void register() throws IOException {
        run("--register", "--accept-terms");
    }

    /** Orders what is due. */
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
