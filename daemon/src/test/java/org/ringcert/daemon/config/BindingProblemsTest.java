package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.ExternalAccountBinding;

/**
 * Credentials in files of this server: what is wrong with them does not keep the configuration from loading, and stops
 * only who needs a new account.
 */
class BindingProblemsTest {

    private static final Path CONFIGURATION = Path.of("/etc/ringcert/ringcert.toml");
    private static final String HMAC = "MjXU3MH-Z0WQ7piMAnVsCpD1shgMiWx6ggPWiTmydgUaj7dWWWfQfA";
    private static final String GOOD = "kid = kid-1\nhmac = " + HMAC + "\n";

    @TempDir
    Path directory;

    private Path file = Path.of("/");

    @BeforeEach
    void nameFile() {
        file = directory.resolve("zerossl.eab");
    }

    private void write(String text, String mode) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private LoadedConfiguration load() throws ConfigurationException {
        return load("eab-file = \"" + file + "\"");
    }

    private static LoadedConfiguration load(String credentials) throws ConfigurationException {
        return ConfigurationLoader.parse(
                CONFIGURATION,
                ConfigurationText.completed(
                        "[acme]\ndirectory = \"zerossl\"\nagree-to-terms = true\n" + credentials + "\n"));
    }

    private static AcmeSettings settings(LoadedConfiguration loaded) {
        return loaded.configuration().authorities().getFirst();
    }

    /** Asserts that this is the only problem with the file, at the key that names it. */
    private void assertProblem(String expected) throws ConfigurationException {
        LoadedConfiguration loaded = load();
        assertThat(settings(loaded).binding()).isEmpty();
        assertThatThrownBy(() -> loaded.bindingProblems(_ -> false))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(CONFIGURATION + ":4:1: `eab-file`, \"")
                .hasMessageContaining(expected)
                .message()
                .hasLineCount(1)
                .doesNotContain(HMAC);
    }

    @Test
    void readsBothForms() throws Exception {
        write(GOOD, "rw-------");
        assertThat(settings(load()).binding()).contains(ExternalAccountBinding.parse("kid-1", HMAC));
        assertThat(load().bindingProblems(_ -> false)).isEmpty();

        write(HMAC + "\n", "r--------");
        assertThat(settings(load("eab-kid = \"kid-1\"\neab-hmac-file = \"" + file + "\""))
                        .binding())
                .contains(ExternalAccountBinding.parse("kid-1", HMAC));
    }

    @Test
    void reportsAFileThatIsNotThere() throws Exception {
        assertProblem("there is no such file on this server; create it with mode 0600");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-"})
    void reportsAFileThatOthersMayReadOrChange(String mode) throws Exception {
        write(GOOD, mode);
        assertProblem("run: chmod 0600 " + file);
    }

    @Test
    void reportsAFileThatThisUserMayNotRead() throws Exception {
        write(GOOD, "-wx------");
        assumeFalse(Files.isReadable(file), "root reads everything");
        assertProblem("is not allowed to read this file; if Ringcert runs as this user, run: chown ");
    }

    @Test
    void reportsWhatIsNoFile() throws Exception {
        Files.createDirectory(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertProblem("this is not a regular file");
    }

    @Test
    void reportsAFileThatIsTooLarge() throws Exception {
        write("#".repeat(16 * 1024) + "\n" + GOOD, "rw-------");
        assertProblem("this file is larger than 16 KiB");
    }

    @Test
    void reportsContentThatIsNotUnderstood() throws Exception {
        write("kid = a\n\u0000\u001b[31m\n", "rw-------");
        assertProblem("line 2 of this file is not understood");
        write("kid = a\nhmac = MjXU!\n", "rw-------");
        assertProblem("HMAC key");
    }

    @Test
    void aProblemWithAnHmacFileIsAtItsKey() throws Exception {
        LoadedConfiguration loaded = load("eab-kid = \"kid-1\"\neab-hmac-file = \"" + file + "\"");

        assertThatThrownBy(() -> loaded.bindingProblems(_ -> false))
                .hasMessageStartingWith(CONFIGURATION + ":5:1: `eab-hmac-file`, \"");
    }

    @Test
    void isOnlyNotedWhereThereIsAnAccount() throws Exception {
        LoadedConfiguration loaded = load();

        assertThat(loaded.bindingProblems(PublicCa.ZEROSSL.directory()::equals))
                .singleElement()
                .asString()
                .startsWith(CONFIGURATION + ":4:1: note: `eab-file`, \"")
                .contains("there is no such file", "has an account at zerossl", "renewed all the same");
    }

    @Test
    void changedCredentialsMakeTheSettingsDifferent() throws Exception {
        write(GOOD, "rw-------");
        AcmeSettings before = settings(load());
        assertThat(settings(load())).isEqualTo(before);

        write(GOOD.replace("kid-1", "kid-2"), "rw-------");
        assertThat(settings(load())).isNotEqualTo(before);
        write(GOOD.replace("MjXU", "MjXV"), "rw-------");
        assertThat(settings(load())).isNotEqualTo(before);
    }

    @Test
    void aKeyThatLooksLikeAPathIsNotQuoted() throws Exception {
        LoadedConfiguration loaded = load("eab-file = \"/MjXU3MHZ0WQ7piMAnVsCpD1shgMiWx6ggPWiTmydgUaj7dWWWfQfA==\"");

        assertThatThrownBy(() -> loaded.bindingProblems(_ -> false))
                .hasMessageStartingWith(CONFIGURATION + ":4:1: `eab-file`: there is no such file")
                .hasMessageNotContaining("MjXU3MH");
    }

    @Test
    void noTextShowsTheKey() throws Exception {
        write(GOOD, "rw-------");

        assertThat(load().toString()).doesNotContain(HMAC);
    }
}
