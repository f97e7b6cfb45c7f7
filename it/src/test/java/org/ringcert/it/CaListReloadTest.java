package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;

/** SIGHUP makes a running daemon take over another list of CAs. */
@UsesPebble
class CaListReloadTest {

    private static final String WWW = "www.example.org";

    @TempDir
    private Path folder;

    @Test
    void aSecondCaIsAddedPutFirstAndRemoved() throws Exception {
        try (TwoCaTestbed cas = new TwoCaTestbed(folder, UnaryOperator.identity(), UnaryOperator.identity(), 1, WWW)) {
            Path file = cas.testbed().cluster().configuration();
            String onlyFirst = Files.readString(file);
            String first = cas.first().directory().toString();
            String second = cas.second().directory().toString();
            cas.refuseOrdersAtTheFirst();
            ChildProcess daemon = cas.testbed().startDaemon(0);
            daemon.awaitLine(line -> line.contains(WWW + ": its turn is at "), Testbed.TIMEOUT);

            cas.second().addTo(cas.testbed());
            String added = reload(
                    daemon,
                    "the list of CAs changed from " + first + " to " + first + ", " + second,
                    WWW + ": renewed");
            assertThat(added)
                    .contains(
                            "made an account at " + cas.second().name(),
                            WWW + ": falls back to " + cas.second().name());
            X509Certificate certificate = cas.verifiedFromSecond(0);
            assertThat(cas.status(0).path("sites").path(0).path("notes")).hasSize(1);

            cas.testbed().editConfiguration(CaListReloadTest::swapCas);
            // The log already says that the certificate is not due.
            String swapped = reload(
                    daemon, "the list of CAs changed from " + first + ", " + second + " to " + second + ", " + first);
            assertThat(cas.verifiedFromSecond(0)).isEqualTo(certificate);
            assertThat(cas.status(0).path("sites").path(0).path("notes")).isEmpty();
            assertThat(cas.orders()).containsExactly(0, 1);

            cas.first().allow(TwoCaTestbed.NEW_ORDER);
            Files.writeString(file, onlyFirst);
            // What the CA has refused is obeyed after a change, too. Only the CA knows that it would issue now.
            String removed = reload(
                    daemon,
                    "the list of CAs changed from " + second + ", " + first + " to " + first,
                    WWW + ": its turn is at ");
            assertThat(removed).doesNotContain("falls back");
            assertThat(swapped).doesNotContain("WARN", "ERROR");
            cas.testbed().runCommand(0, 0, "renew", "--force");
            cas.verifiedFromFirst(0);
            assertThat(cas.orders())
                    .as("the changed order of CAs has led to none")
                    .containsExactly(1, 1);
            assertThat(cas.testbed().runCommand(0, 0, "status"))
                    .doesNotContain(cas.second().name());

            daemon.terminate();
            assertThat(daemon.awaitExit(Testbed.TIMEOUT)).isZero();
        }
    }

    private static String swapCas(String configuration) {
        Matcher tables = Pattern.compile("(?s)(\\[\\[acme]].*)(\\[\\[acme]].*)(\\[front].*)")
                .matcher(configuration);
        return tables.replaceFirst("$2$1$3");
    }

    /** Sends SIGHUP, waits until the daemon has written all of this, and returns what it has written since. */
    private static String reload(ChildProcess daemon, String... expected) throws Exception {
        int before = daemon.output().length();
        daemon.signal("HUP");
        await().atMost(Testbed.TIMEOUT)
                .untilAsserted(
                        () -> assertThat(daemon.output().substring(before)).contains(expected));
        return daemon.output().substring(before);
    }
}
