package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.TestCa;

/**
 * The real certbot, which orders from a test CA.
 *
 * @param folder for all of its files
 * @param webroot the folder that it puts challenges into
 */
record RealCertbot(Path folder, TestCa ca, Path webroot) {

    private static final Path PROGRAM = Path.of("/usr/bin/certbot");

    /** Skips the test if the program is not installed. */
    static void assumeInstalled() {
        assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not installed (Debian: certbot)");
    }

    /** Returns the folder with the current files of a site. */
    Path certificates(String site) {
        return configuration().resolve("live").resolve(site);
    }

    /** Returns the folder that is otherwise /etc/letsencrypt. */
    Path configuration() {
        return folder.resolve("letsencrypt");
    }

    /**
     * Orders a certificate.
     *
     * @param names separated by commas
     */
    void certonly(String names, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                PROGRAM.toString(),
                "certonly",
                "--non-interactive",
                "--agree-tos",
                "--register-unsafely-without-email",
                "--webroot",
                "--webroot-path",
                webroot.toString(),
                "--server",
                ca.directory().toString(),
                "--config-dir",
                configuration().toString(),
                "--work-dir",
                folder.resolve("work").toString(),
                "--logs-dir",
                folder.resolve("logs").toString(),
                "--domains",
                names));
        command.addAll(List.of(options));
        try (ChildProcess process = ChildProcess.start(
                "certbot",
                command,
                Map.of("REQUESTS_CA_BUNDLE", ca.caFile().toString()),
                Files.createDirectories(folder).resolve("certbot.log"))) {
            assertThat(process.awaitExit(Testbed.TIMEOUT)).as(process.output()).isZero();
        }
    }
}
