package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts at a real CA that refuses those without external account binding (RFC 8555, section 7.3.4). */
@UsesPebble
class AccountBindingTest {

    private static final String KEY_ID = "kid-1";
    private static final String KEY = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
    private static final String WRONG_KEY = "b10lLJs8l1GPIzsLP0s6pMt8O0XVGnfTaCeROxQM0BIt2XrJMDHJZBM5NuQmQJQH";

    @TempDir
    private Path folder;

    @Test
    void anAccountNeedsTheRightKeyAndTheCaIsAskedAgainWithAnother() throws Exception {
        try (Testbed testbed = Testbed.start(
                folder,
                PebbleRelease.newestAvailable(),
                options -> options.withExternalAccountKeys(Map.of(KEY_ID, KEY)),
                1,
                "www.example.org")) {
            assertThat(testbed.runCommand(0, 1, "renew")).contains("external account binding", "eab-file");

            Path credentials = writeCredentials(WRONG_KEY);
            testbed.editConfiguration(
                    text -> text.replace("agree-to-terms", "eab-file = \"%s\"\nagree-to-terms".formatted(credentials)));
            assertThat(testbed.runCommand(0, 1, "renew", "--force"))
                    .contains(KEY_ID)
                    .doesNotContain(WRONG_KEY);

            writeCredentials(KEY);
            testbed.runCommand(0, 0, "renew", "--force");
            Certificates.verified(testbed, 0, 0);
            assertThat(CaLog.of(testbed.ca()).accounts()).isOne();
            try (Stream<Path> files = Files.walk(testbed.cluster().store(0))) {
                assertThat(files.filter(Files::isRegularFile))
                        .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain(KEY));
            }
        }
    }

    private Path writeCredentials(String key) throws IOException {
        Path file = Files.writeString(folder.resolve("ca.eab"), "kid = %s\nhmac = %s\n".formatted(KEY_ID, key));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }
}
