package org.ringcert.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.daemon.front.HostileRequest;

/**
 * Sends the requests of the table in docs/HOSTILE.md to a real nginx and a real Apache. They answer as the table says,
 * and Ringcert is as strict as they are or the table says why not. The front's own tests check Ringcert's answers.
 */
class OtherServersTest {

    private static final Path TABLE = Path.of("..", "docs", "HOSTILE.md");
    private static final String HELD = "held-on-this-server-0123456789";
    private static final String ANSWER = HELD + ".0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void answersAsTheTableSaysAndRingcertIsAsStrict(OtherServer.Make make) throws IOException {
        String version = make.version(folder);
        List<String> differences = new ArrayList<>();
        List<String> laxer = new ArrayList<>();
        try (OtherServer server = OtherServer.start(make, folder, Map.of(HELD, ANSWER))) {
            for (HostileRequest row : HostileRequest.all(TABLE)) {
                String answers = server.exchange(row.bytes());
                if (!answers.equals(column(row, make))) {
                    differences.add("%s: the table says %s, it answers %s".formatted(row, column(row, make), answers));
                }
                if (serves(row.ringcert()) && !serves(answers) && row.remark().isEmpty()) {
                    laxer.add("%s: Ringcert answers %s, %s %s".formatted(row, row.ringcert(), make, answers));
                }
            }
        }

        assertThat(laxer).isEmpty();
        String recorded = recorded(make);
        assumeTrue(
                version.equals(recorded) || differences.isEmpty(),
                () -> "the table is for %s %s; version %s differs from it in %d rows"
                        .formatted(make, recorded, version, differences.size()));
        assertThat(differences).isEmpty();
    }

    @Test
    void theTableIsComplete() throws IOException {
        assertThat(HostileRequest.all(TABLE)).hasSizeGreaterThan(200).doesNotHaveDuplicates();
    }

    private static String column(HostileRequest row, OtherServer.Make make) {
        return switch (make) {
            case NGINX -> row.nginx();
            case APACHE -> row.apache();
        };
    }

    /** Returns whether any of the answers is not a refusal. */
    private static boolean serves(String answers) {
        return answers.matches(".*\\b[23][0-9]{2}\\b.*");
    }

    /** Returns the version that the table is for. */
    private static String recorded(OtherServer.Make make) throws IOException {
        String name = make == OtherServer.Make.NGINX ? "nginx " : "Apache ";
        String text = Files.readString(TABLE);
        int at = text.indexOf(name) + name.length();
        return text.substring(at).split("[^0-9.]", 2)[0];
    }
}
