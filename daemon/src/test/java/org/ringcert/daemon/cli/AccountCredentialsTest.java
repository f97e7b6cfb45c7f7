package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ringcert.pki.KeyType;
import org.ringcert.store.StoredAccount;

/**
 * A file with EAB credentials is needed by the commands that order certificates, and only for a new account at its CA.
 */
class AccountCredentialsTest extends CommandLineFixture {

    private static final String THERE_IS_NONE = "there is no such file on this server";

    @BeforeEach
    void nameCredentials() throws Exception {
        Path file = folder.resolve("ringcert.toml");
        Files.writeString(file, Files.readString(file) + "eab-file = \"" + folder.resolve("ca.eab") + "\"\n");
    }

    @Test
    void commandsThatOrderSayWhatIsWrongAndWhere() {
        for (String command : List.of("run", "renew")) {
            CommandRun result = onNode(command);
            assertThat(result.status()).as(command).isEqualTo(2);
            assertThat(result.err()).contains("ringcert.toml:13:1: `eab-file`, \"", THERE_IS_NONE);
        }
    }

    @Test
    void otherCommandsDoNotNeedThem() {
        assertThat(onNode("renew", "--dry-run").status()).isZero();
        for (String[] command : List.of(new String[] {"status"}, new String[] {"web", "apache"})) {
            CommandRun result = onNode(command);
            assertThat(result.status()).as(String.join(" ", command)).isNotEqualTo(2);
            assertThat(result.err()).doesNotContain("eab-file");
        }
    }

    private void addHealthyCa() throws Exception {
        Path file = folder.resolve("ringcert.toml");
        Files.writeString(file, Files.readString(file).replace("[acme]", """
                [[acme]]
                directory = "http://127.0.0.1:2/dir"
                agree-to-terms = true
                [[acme]]"""));
    }

    @Test
    void anotherCaIsUsedWithoutThem() throws Exception {
        addHealthyCa();

        CommandRun result = onNode("renew");

        assertThat(result.status()).as("the CAs do not answer").isEqualTo(1);
        assertThat(result.err())
                .contains("ringcert.toml:16:1: warning: `eab-file`, \"", THERE_IS_NONE, "has no account at " + CA);
        assertThat(result.out()).contains("www.example.org: failed", "shop.example.org: failed");
    }

    @Test
    void aDryRunAndTheStatusSayWhatIsWrong() throws Exception {
        assertThat(onNode("renew", "--dry-run").out())
                .contains("There is no account at " + CA + " yet and none can be made: `eab-file`, \"", THERE_IS_NONE)
                .contains("This would fail, because there is no account at that CA")
                .doesNotContain("it would be made\n");
        addHealthyCa();
        assertThat(onNode("renew", "--dry-run").out())
                .contains("http://127.0.0.1:2/dir yet; it would be made\n", "none can be made: `eab-file`, \"")
                .doesNotContain("This would fail");
        store();

        CommandRun status = onNode("status");

        assertThat(status.status()).isEqualTo(1);
        assertThat(status.out()).contains("There is no account at ", "`eab-file`", THERE_IS_NONE);
    }

    @Test
    void theStatusSaysNothingOfAFileThatOnlyAnotherUserMayRead() throws Exception {
        Path file = folder.resolve("ca.eab");
        Files.writeString(file, "kid = 1");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(file), "root reads everything");
        store();

        assertThat(onNode("status").out()).doesNotContain("eab-file");
    }

    @Test
    void aServerWithAnAccountRenewsWithoutThem() throws Exception {
        store().accounts()
                .save(
                        CA,
                        new StoredAccount(
                                KeyType.EC256.generate(new SecureRandom()), Optional.of(CA.resolve("/account/1"))));

        CommandRun result = onNode("renew");

        assertThat(result.status()).as("the CA does not answer").isEqualTo(1);
        assertThat(result.err()).contains(THERE_IS_NONE, "only a new account would need the file");
    }

    @Test
    void anAccountThatTheCaMayNotKnowYetIsNone() throws Exception {
        store().accounts().save(CA, new StoredAccount(KeyType.EC256.generate(new SecureRandom()), Optional.empty()));

        assertThat(onNode("renew").status()).isEqualTo(2);
    }
}
