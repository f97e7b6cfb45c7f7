package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ringcert account} with a real CA, beside a daemon. */
@UsesPebble
class AccountCommandsTest {

    private static final String KEY_CHANGE = "/rollover-account-key";

    @TempDir
    private Path folder;

    /** Set by each test. */
    @SuppressWarnings("NullAway.Init")
    private Testbed testbed;

    private JsonNode show() throws Exception {
        return JsonMapper.shared()
                .readTree(testbed.runCommand(0, 0, "account", "show", "--json"))
                .path("accounts")
                .path(0);
    }

    @ParameterizedTest
    @EnumSource
    void everyCommandWorksBesideADaemon(PebbleRelease release) throws Exception {
        try (Testbed started = Testbed.start(folder, release, UnaryOperator.identity(), 1, "www.example.org")) {
            testbed = started;
            assertThat(testbed.runCommand(0, 0, "account", "show"))
                    .contains("This server has no account at ", "renew --prepare");
            assertThat(testbed.cluster().store(0)).doesNotExist();

            ChildProcess daemon = testbed.startDaemon(0);
            X509Certificate first = Certificates.await(testbed, 0, 0);
            JsonNode account = show();
            assertThat(account.path("atCa").path("status").asString()).isEqualTo("valid");
            assertThat(account.path("keyType").asString()).isEqualTo("ec256");
            assertThat(account.path("made").asString()).isNotEmpty();

            changeTheContact();
            rollOver(account);
            theDaemonUsesTheNewKey(daemon, first);
            printCaaRecords(release, account.path("account").asString());
            deactivate(daemon);
        }
    }

    private void changeTheContact() throws Exception {
        assertThat(testbed.runCommand(0, 2, "account", "contact", "a@example.org"))
                .contains("The address belongs in the configuration");
        testbed.editConfiguration(
                text -> text.replace("agree-to-terms", "contact = \"hostmaster@example.net\"\nagree-to-terms"));
        assertThat(testbed.runCommand(0, 0, "account", "contact")).contains("hostmaster@example.net");
        assertThat(show().path("atCa").path("contacts").path(0).asString()).isEqualTo("mailto:hostmaster@example.net");
        testbed.editConfiguration(text -> text.replace("contact = \"hostmaster@example.net\"\n", ""));
        assertThat(testbed.runCommand(0, 0, "account", "show"))
                .contains("The configuration has no contact, but ", "Run `ringcert account contact`");
        assertThat(testbed.runCommand(0, 0, "account", "contact")).contains("has no contact");
        assertThat(show().path("atCa").path("contacts")).isEmpty();
    }

    private void rollOver(JsonNode before) throws Exception {
        String output = testbed.runCommand(0, 0, "account", "roll-over");

        JsonNode after = show();
        assertThat(after.path("account")).isEqualTo(before.path("account"));
        assertThat(after.path("thumbprint")).isNotEqualTo(before.path("thumbprint"));
        assertThat(output)
                .contains(
                        "has a new key",
                        after.path("thumbprint").asString(),
                        after.path("account").asString());
    }

    private void theDaemonUsesTheNewKey(ChildProcess daemon, X509Certificate first) throws Exception {
        testbed.editConfiguration(text -> text.replace("\"www.example.org\"", "\"www.example.org\", \"example.org\""));
        testbed.ca().setAddress(new HostName("example.org"), testbed.cluster().address(0));
        daemon.signal("HUP");
        await().atMost(Testbed.TIMEOUT)
                .until(() -> !StoredVersion.current(testbed, 0, 0).leaf().equals(first));
        assertThat(CaLog.of(testbed.ca()).accounts()).isOne();
    }

    /** Only newer releases say what they are called in CAA records. */
    private void printCaaRecords(PebbleRelease release, String account) throws Exception {
        switch (release) {
            case INSTALLED ->
                assertThat(testbed.runCommand(0, 1, "account", "caa"))
                        .contains("; No record for localhost:", "accounturi=" + account);
            case NEWEST ->
                assertThat(testbed.runCommand(0, 0, "account", "caa"))
                        .contains("www.example.org. IN CAA 0 issue \"pebble.letsencrypt.org; accounturi=" + account
                                + "; validationmethods=http-01\"\n");
        }
    }

    private void deactivate(ChildProcess daemon) throws Exception {
        assertThat(testbed.runCommand(0, 2, "account", "deactivate"))
                .contains("This cannot be undone", "There is no terminal", "--yes");
        assertThat(show().path("atCa").path("status").asString()).isEqualTo("valid");
        assertThat(testbed.runCommand(0, 0, "account", "deactivate", "--yes"))
                .contains("is deactivated", "renew --prepare");

        assertThat(testbed.runCommand(0, 1, "status")).contains("was deactivated here on ");
        assertThat(testbed.runCommand(0, 1, "renew", "--force")).contains("was deactivated here on ");
        assertThat(testbed.runCommand(0, 1, "account", "show")).contains("was deactivated here on ");
        assertThat(testbed.runCommand(0, 1, "renew", "--prepare")).contains("was deactivated here on ");
        daemon.terminate();
        assertThat(daemon.awaitExit(Testbed.TIMEOUT)).isZero();
        testbed.startDaemon(0);
        assertThat(testbed.runCommand(0, 1, "renew", "--force")).contains("was deactivated here on ");
        assertThat(CaLog.of(testbed.ca()).accounts()).isOne();

        Path file = Path.of(JsonMapper.shared()
                .readTree(testbed.runCommand(0, 1, "account", "show", "--json"))
                .path("accounts")
                .path(0)
                .path("file")
                .asString());
        Files.move(file, folder.resolve("old-account"));
        testbed.runCommand(0, 0, "renew", "--prepare");
        assertThat(testbed.runCommand(0, 0, "renew", "--force")).contains("renewed, valid until ");
        assertThat(CaLog.of(testbed.ca()).accounts()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"501, notImplemented", "403, unauthorized", "409, conflict", "400, malformed", "503, serverInternal"})
    void aRefusedRollOverKeepsTheKey(int status, String type) throws Exception {
        rollOverAtProxy(
                proxy -> proxy.refuse(KEY_CHANGE, status, type, Duration.ofHours(1)),
                1,
                "keeps its key. ",
                "refused by the test");
    }

    @Test
    void anAnswerThatIsNoAnswerIsNotBelieved() throws Exception {
        rollOverAtProxy(
                proxy -> proxy.answerWith(
                        KEY_CHANGE,
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"),
                1,
                "keeps its key. ",
                "knows the account by the old key only");
    }

    @Test
    void aCaThatDoesNotAnswerInTimeKeepsTheKey() throws Exception {
        rollOverAtProxy(proxy -> proxy.breakBefore(KEY_CHANGE), 1, "keeps its key. ", "did not answer");
    }

    /** The client sends the same request again, and the CA, which has carried it out, rejects its nonce. */
    @Test
    void aLostAnswerIsNoFailure() throws Exception {
        rollOverAtProxy(proxy -> proxy.dropAfter(KEY_CHANGE), 0, "has a new key", "its first answer was");
    }

    @Test
    void nothingIsBegunWhileTheCaDoesNotAnswer() throws Exception {
        rollOverAtProxy(
                proxy -> proxy.refuse("/sign-me-up", 503, "serverInternal", Duration.ofHours(1)),
                1,
                "keeps its key. ",
                "does not say reliably");
    }

    private interface Fault {
        void at(CaProxy proxy);
    }

    private void rollOverAtProxy(Fault fault, int status, String... words) throws Exception {
        try (Testbed started = Testbed.start(
                        folder, PebbleRelease.newestAvailable(), UnaryOperator.identity(), 1, "www.example.org");
                CaProxy proxy = CaProxy.start(started.ca(), folder)) {
            testbed = started;
            proxy.replaceCaOf(testbed);
            testbed.runCommand(0, 0, "renew", "--prepare");
            JsonNode before = show();
            fault.at(proxy);

            assertThat(testbed.runCommand(0, status, "account", "roll-over")).contains(words);

            proxy.allow(KEY_CHANGE);
            proxy.allow("/sign-me-up");
            JsonNode after = show();
            assertThat(after.path("thumbprint").equals(before.path("thumbprint")))
                    .isEqualTo(status == 1);
            assertThat(after.path("account")).isEqualTo(before.path("account"));
            assertThat(Files.readString(Path.of(after.path("file").asString()))).doesNotContain("nextKey");
            testbed.runCommand(0, 0, "renew");
            assertThat(CaLog.of(testbed.ca()).accounts()).isOne();
        }
    }
}
