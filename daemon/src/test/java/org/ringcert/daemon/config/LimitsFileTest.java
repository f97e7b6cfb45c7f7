package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.plan.Limit;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.Limits;

class LimitsFileTest {

    private static final URI PRIVATE_CA = URI.create("https://ca.example.org/directory");

    private static final String VALID = """
            [[ca]]
            directory = "https://ca.example.org/directory"
            back-date = "60s"

            [[ca.limit]]
            kind = "certificates-per-registered-domain"
            capacity = 20
            period = "1d"
            source = "the contract, page 4"
            date = 2026-03-01
            """;

    @TempDir
    Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("limits.toml"), text);
    }

    private String message(String text) throws IOException {
        Path file = file(text);
        return String.valueOf(catchThrowableOfType(ConfigurationException.class, () -> LimitsFile.read(file))
                .getMessage());
    }

    private static String acme(String ca, Path limits) {
        return "[acme]\ndirectory = \"" + ca + "\"\nagree-to-terms = true\nlimits = \"" + limits + "\"\n";
    }

    @Test
    void thoseOfLetsEncryptAreBuiltIn() {
        Limits production = PublicCa.LETSENCRYPT.limits();

        assertThat(production.backDate()).isEqualTo(Duration.ofSeconds(3510));
        assertThat(production.limits())
                .containsExactly(
                        new Limit(
                                LimitKind.CERTIFICATES_PER_NAME_SET,
                                5,
                                Duration.ofHours(33).plusMinutes(36)),
                        new Limit(
                                LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN,
                                50,
                                Duration.ofMinutes(201).plusSeconds(36)),
                        new Limit(LimitKind.ORDERS_PER_ACCOUNT, 300, Duration.ofSeconds(36)),
                        new Limit(LimitKind.FAILED_VALIDATIONS_PER_NAME, 5, Duration.ofMinutes(12)),
                        new Limit(LimitKind.ACCOUNTS_PER_ADDRESS, 10, Duration.ofMinutes(18)));
        assertThat(PublicCa.LETSENCRYPT_STAGING.limits().find(LimitKind.CERTIFICATES_PER_NAME_SET))
                .hasValueSatisfying(limit -> assertThat(limit.capacity()).isEqualTo(30_000));
    }

    @Test
    void otherCasHaveNone() throws ConfigurationException {
        assertThat(PublicCa.GOOGLE.limits()).isEqualTo(Limits.NONE);
        Configuration byUrl = ConfigurationText.load(
                directory,
                ConfigurationText.completed("[acme]\ndirectory = \"" + PRIVATE_CA + "\"\nagree-to-terms = true\n"));
        assertThat(byUrl.authorities().getFirst().limits()).isEqualTo(Limits.NONE);
    }

    @Test
    void aFileGivesThoseOfAnotherCa() throws IOException, ConfigurationException {
        Limits expected = new Limits(
                List.of(new Limit(
                        LimitKind.CERTIFICATES_PER_REGISTERED_DOMAIN,
                        20,
                        Duration.ofHours(1).plusMinutes(12))),
                Duration.ofMinutes(1));

        assertThat(LimitsFile.read(file(VALID))).isEqualTo(Map.of(PRIVATE_CA, expected));
        Configuration configuration = ConfigurationText.load(
                directory, ConfigurationText.completed(acme(PRIVATE_CA.toString(), file(VALID))));
        assertThat(configuration.authorities().getFirst().limits()).isEqualTo(expected);
    }

    @Test
    void aFileReplacesThoseThatAreBuiltIn() throws IOException, ConfigurationException {
        String text = VALID.replace(PRIVATE_CA.toString(), "letsencrypt");

        Configuration configuration =
                ConfigurationText.load(directory, ConfigurationText.completed(acme("letsencrypt", file(text))));

        assertThat(configuration.authorities().getFirst().limits().find(LimitKind.CERTIFICATES_PER_NAME_SET))
                .isEmpty();
    }

    /** Every kind of mistake once. */
    @Test
    void reportsAllMistakesAtOnce() throws IOException {
        Path file = file("""
                title = "limits"
                [[ca]]
                directory = "letsencript"
                back-date = "2d"
                backdate = "1h"
                [[ca.limit]]
                kind = "certificates-per-nameset"
                capacity = 0
                period = "a week"
                source = ""
                date = "2026-08-05"
                [[ca.limit]]
                kind = 5
                capacity = 2_000_000
                period = "0s"
                source = 1
                date = 2999-01-01
                url = "https://ca.example.org/"
                [[ca.limit]]
                [[ca]]
                directory = "letsencrypt"
                [[ca.limit]]
                kind = "orders-per-account"
                capacity = "5"
                period = 7
                source = "a letter"
                date = 2026-08-05
                [[ca.limit]]
                kind = "orders-per-account"
                capacity = 1
                period = "400d"
                source = "a\\tletter"
                date = 2026-08-05T00:00:00Z
                [[ca]]
                directory = "https://acme-v02.api.letsencrypt.org/directory"
                back-date = "soon"
                [[ca]]
                limit = 5
                """);

        ConfigurationException error = catchThrowableOfType(ConfigurationException.class, () -> LimitsFile.read(file));

        assertThat(String.valueOf(error.getMessage()).lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(file + ":1:1: ")
                                .contains("unknown table or key `title`", "the file has [[ca]]"),
                        line -> assertThat(line).contains(":3:1: `directory`", "did you mean \"letsencrypt\"?"),
                        line -> assertThat(line).contains(":4:1: `back-date`, \"2d\"", "less than a day"),
                        line -> assertThat(line).contains(":5:1: unknown key `backdate`", "did you mean `back-date`?"),
                        line -> assertThat(line)
                                .contains(":7:1: `kind`", "did you mean \"certificates-per-name-set\"?"),
                        line -> assertThat(line).contains(":8:1: `capacity` is 0", "from 1 to"),
                        line -> assertThat(line).contains(":9:1: `period`, \"a week\"", "a number and its unit"),
                        line -> assertThat(line).contains(":10:1: `source`", "where the CA says so"),
                        line -> assertThat(line)
                                .contains(":11:1: `date` is a string, but must be a date, such as date = 2026-"),
                        line -> assertThat(line).contains(":13:1: `kind` is an integer, but must be a string"),
                        line -> assertThat(line).contains(":14:1: `capacity` is 2000000"),
                        line -> assertThat(line).contains(":15:1: `period`, \"0s\""),
                        line -> assertThat(line).contains(":16:1: `source` is an integer"),
                        line -> assertThat(line).contains(":17:1: `date` is 2999-01-01", "still to come"),
                        line -> assertThat(line)
                                .contains(":18:1: unknown key `url` in [[ca.limit]]", "`kind`, `capacity`, `period`"),
                        line -> assertThat(line).contains(":19:1: `capacity` is missing in [[ca.limit]]"),
                        line -> assertThat(line).contains(":19:1: `date` is missing"),
                        line -> assertThat(line)
                                .contains(":19:1: `kind` is missing", "certificates-per-registered-domain"),
                        line -> assertThat(line).contains(":19:1: `period` is missing", "period = \"7d\""),
                        line -> assertThat(line).contains(":19:1: `source` is missing"),
                        line -> assertThat(line).contains(":24:1: `capacity` is a string, but must be an integer"),
                        line -> assertThat(line).contains(":25:1: `period` is an integer, but must be a string"),
                        line -> assertThat(line).contains(":29:1: `kind`", "line 23 has this limit"),
                        line -> assertThat(line).contains(":31:1: `period`, \"400d\"", "366d"),
                        line -> assertThat(line).contains(":32:1: `source`, \"a\\u0009letter\""),
                        line -> assertThat(line).contains(":33:1: `date` is a date or time, but must be a date"),
                        line -> assertThat(line).contains(":34:1: this CA has no [[ca.limit]]"),
                        line -> assertThat(line).contains(":35:1: `directory`: line 21 has this CA already"),
                        line -> assertThat(line).contains(":36:1: `back-date`, \"soon\""),
                        line -> assertThat(line).contains(":37:1: `directory` is missing in [[ca]]"),
                        line -> assertThat(line)
                                .contains(":38:1: `limit` is an integer", "which begins with [[ca.limit]]"));
    }

    @Test
    void failedValidationsAreRememberedForAWeek() throws Exception {
        String limit = """
                [[ca]]
                directory = "https://ca.example.org/acme"
                [[ca.limit]]
                kind = "failed-validations-per-name"
                capacity = 2
                period = "%s"
                source = "a letter"
                date = 2026-08-05
                """;

        assertThat(catchThrowableOfType(
                        ConfigurationException.class, () -> LimitsFile.read(file(limit.formatted("8d")))))
                .hasMessageContaining(":6:1: `period` is longer than the week for which failed validations");
        assertThat(LimitsFile.read(file(limit.formatted("7d")))).hasSize(1);
    }

    @Test
    void reportsAFileWithoutCas() throws IOException {
        assertThat(message("# nothing")).contains("limits.toml:1:1: there is no [[ca]]");
        assertThat(message("ca = 5")).contains(":1:1: `ca` is an integer; write one table", "[[ca]]");
        assertThat(message("[ca]\ndirectory = \"letsencrypt\"")).contains(":1:1: `ca` is a table");
    }

    @Test
    void reportsWhatIsNotToml() throws IOException {
        assertThat(message("[[ca]]\ndirectory = letsencrypt\n")).contains("limits.toml:2:13: ");
        Path file = Files.write(directory.resolve("limits.toml"), new byte[] {'#', ' ', (byte) 0xff});
        assertThatThrownBy(() -> LimitsFile.read(file)).hasMessageContaining(":1:3: this is not UTF-8");
        assertThat(message("#".repeat(70_000))).contains("larger than 64 KiB");
    }

    @Test
    void theMistakesOfTheFileAreListedWithThoseOfTheConfiguration() throws IOException {
        Path limits = file(VALID.replace("= 20\n", "= -1\n").replace("1d", "one day"));
        String text =
                ConfigurationText.completed(acme(PRIVATE_CA.toString(), limits) + "[front]\nhandoff = \"rign\"\n");

        ConfigurationException error =
                catchThrowableOfType(ConfigurationException.class, () -> ConfigurationText.load(directory, text));

        assertThat(String.valueOf(error.getMessage()).lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains(
                                        "ringcert.toml:4:1: `limits`, \"" + limits + "\"", "mistakes", "listed below"),
                        line -> assertThat(line).contains("ringcert.toml:6:1: `handoff`"),
                        line -> assertThat(line).startsWith(limits + ":7:1: `capacity` is -1"),
                        line -> assertThat(line).startsWith(limits + ":8:1: `period`, \"one day\""));
    }

    @Test
    void reportsAFileThatCannotBeUsed() throws IOException {
        Path limits = file(VALID);
        assertThat(mistake(acme("https://other.example.org/", limits)))
                .startsWith("4:1: `limits`")
                .contains("no [[ca]] with this CA's `directory`", "directory = \"https://other.example.org/\"");
        assertThat(mistake(acme("letsencrypt", directory.resolve("none.toml")))).contains("4:1: ", "no such file");
        assertThat(mistake(acme("letsencrypt", directory))).contains("4:1: ", "not a regular file");
        assertThat(mistake(acme("letsencrypt", Path.of("limits.toml")))).contains("4:1: ", "absolute path");
    }

    private String mistake(String snippet) {
        assertThat(ConfigurationText.mistakes(directory, ConfigurationText.completed(snippet)))
                .hasSize(1);
        return ConfigurationText.mistakes(directory, ConfigurationText.completed(snippet))
                .getFirst();
    }
}
