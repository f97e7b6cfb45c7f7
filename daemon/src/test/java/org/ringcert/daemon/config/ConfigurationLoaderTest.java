package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Files that are missing or broken, or that come from other editors. */
class ConfigurationLoaderTest {

    @TempDir
    Path directory;

    @Test
    void saysInOneLineWhatToDoAboutAMissingFile() {
        Path file = directory.resolve("none.toml");
        assertThatThrownBy(() -> ConfigurationLoader.load(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(file + ": there is no such file")
                .hasMessageContainingAll("ringcert setup", "--config FILE")
                .hasMessageNotContaining("\n");
    }

    @Test
    void refusesADirectory() {
        assertThatThrownBy(() -> ConfigurationLoader.load(directory)).hasMessageContaining("this is a directory");
    }

    @Test
    void refusesADevice() {
        Path device = Path.of("/dev/zero");
        Assumptions.assumeTrue(Files.exists(device));
        assertThatThrownBy(() -> ConfigurationLoader.load(device)).hasMessageContaining("not a regular file");
    }

    @Test
    void reportsAReadError() {
        Path memory = Path.of("/proc/self/mem");
        Assumptions.assumeTrue(Files.isRegularFile(memory));
        assertThatThrownBy(() -> ConfigurationLoader.load(memory))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("/proc/self/mem: ", "read");
    }

    @Test
    void namesTheUserWhoIsNotAllowedToReadTheFile() throws IOException {
        Path file = Files.writeString(directory.resolve("secret.toml"), "");
        assertThat(file.toFile().setReadable(false, false)).isTrue();
        Assumptions.assumeFalse(Files.isReadable(file), "root reads everything");
        assertThatThrownBy(() -> ConfigurationLoader.load(file))
                .hasMessageContainingAll(System.getProperty("user.name"), "is not allowed to read");
    }

    @Test
    void refusesTwoMegabytes() {
        assertThatThrownBy(() -> ConfigurationText.load(directory, "# comment\n".repeat(200_000)))
                .hasMessageContaining("larger than 128 KiB");
    }

    @Test
    void loadsTheLargestAllowedFile() throws ConfigurationException {
        String text = ConfigurationText.completed("");
        assertThat(ConfigurationText.load(directory, text + "# comment\n\n".repeat((128 * 1024 - text.length()) / 11)))
                .isEqualTo(ConfigurationText.load(directory, text));
    }

    @Test
    void reportsEverythingThatAnEmptyFileIsMissing() {
        assertThat(ConfigurationText.mistakes(directory, ""))
                .satisfiesExactly(
                        one -> assertThat(one).startsWith("1:1: there is no [[node]]"),
                        two -> assertThat(two).startsWith("1:1: there is no [[site]]"),
                        three -> assertThat(three).startsWith("1:1: there is no [acme]"));
    }

    @Test
    void reportsWhereOtherEncodingsBegin() {
        byte[] latin = "# Konfiguration\n# für web0\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(ConfigurationText.mistakes(directory, latin))
                .containsExactly("2:4: this is not UTF-8; save the file in that encoding");
        assertThat(ConfigurationText.mistakes(directory, "[front]".getBytes(StandardCharsets.UTF_16)))
                .singleElement()
                .asString()
                .contains("not UTF-8");
        byte[] cut = "# f\u00fc".getBytes(StandardCharsets.UTF_8);
        assertThat(ConfigurationText.mistakes(directory, java.util.Arrays.copyOf(cut, cut.length - 1)))
                .singleElement()
                .asString()
                .contains("not UTF-8");
    }

    @Test
    void acceptsAByteOrderMarkAndWindowsLineEnds() throws ConfigurationException {
        String text = ConfigurationText.completed("[front]\nhandoff = \"ring\"");
        Configuration plain = ConfigurationText.load(directory, text);
        assertThat(ConfigurationText.load(directory, "\uFEFF" + text)).isEqualTo(plain);
        assertThat(ConfigurationText.load(directory, text.replace("\n", "\r\n")))
                .isEqualTo(plain);
        assertThat(ConfigurationText.mistakes(
                        directory, "\uFEFFfront = 1\r\n" + text.replace("[front]\nhandoff = \"ring\"", "")))
                .singleElement()
                .asString()
                .startsWith("1:1: ");
    }

    @Test
    void reportsAllSyntaxErrorsAndNothingElse() {
        assertThat(ConfigurationText.mistakes(
                        directory, "[front\nlisten =\n[acme]\nkey = ec256\nunknown = 1\n[acme]\n"))
                .satisfiesExactly(
                        one -> assertThat(one).startsWith("1:7: "),
                        two -> assertThat(two).startsWith("2:9: "),
                        three -> assertThat(three).startsWith("4:7: ").endsWith("text goes in double quotes"),
                        four -> assertThat(four)
                                .isEqualTo("6:1: for several CAs, write [[acme]] in each place (lines 3 and 6)"));
    }

    @TestFactory
    Stream<DynamicTest> refusesDuplicateKeysAndTables() {
        return Stream.of("[front]\nwatch = \"5s\"\nwatch = \"6s\"", "[front]\n\n[front]")
                .map(text -> DynamicTest.dynamicTest(
                        text,
                        () -> assertThat(ConfigurationText.mistakes(directory, text))
                                .singleElement()
                                .asString()
                                .startsWith("3:1: ")
                                .contains("previously defined at line ")));
    }

    @TestFactory
    Stream<DynamicTest> aTableInSingleBracketsThatIsRepeatedIsOneMistake() {
        return Stream.of(
                        "[acme]\n# x\ndirectory = \"@\"\nkey = \"@\"\n[[acme]]\ndirectory = \"@\"\nkey = \"@\"",
                        "[acme]\n# x\ndirectory = \"@\"\nkey = \"@\"\n[acme]\ndirectory = \"@\"\nkey = \"@\"",
                        "[[acme]]\n# x\ndirectory = \"@\"\nkey = \"@\"\n [ acme ] # y\ndirectory = \"@\"",
                        "[node]\n# x\nname = \"@\"\n\n[[node]]\nname = \"@\"\n[[node]]\nname = \"@\"",
                        "[site]\n# x\nnames = [\"@\"]\n\n[site]\nnames = [\"@\"]")
                .map(text -> DynamicTest.dynamicTest(
                        text,
                        () -> assertThat(ConfigurationText.mistakes(directory, text))
                                .singleElement()
                                .asString()
                                .matches(
                                        "5:[12]: for several (CAs, write \\[\\[acme]] in each place \\(lines 1 and 5\\)"
                                                + "|servers, write \\[\\[node]] in each place \\(lines 1, 5 and 7\\)"
                                                + "|sites, write \\[\\[site]] in each place \\(lines 1 and 5\\))")));
    }

    @Test
    void mistakesBesideARepeatedTableAreReported() {
        assertThat(ConfigurationText.mistakes(
                        directory, "[acme]\nkey = 1\n[[acme]]\nkey = 2\nprofile =\n[front]\nwatch = 1\nwatch = 2\n"))
                .satisfiesExactly(
                        one -> assertThat(one).startsWith("3:1: for several CAs"),
                        two -> assertThat(two).startsWith("5:10: "),
                        three -> assertThat(three).isEqualTo("8:1: watch previously defined at line 7, column 1"));
    }

    @TestFactory
    Stream<DynamicTest> readsLongRunsOfShortLinesQuickly() {
        return Stream.of("\n", "# x\n", "\r\n", " \t# x\r\n", "x = 1 # x\n\n", "#\u0001\n")
                .map(unit -> DynamicTest.dynamicTest(
                        Findings.quoted(unit),
                        () -> assertTimeoutPreemptively(
                                Duration.ofMinutes(1),
                                () -> assertThat(ConfigurationText.mistakes(directory, unit.repeat(8000)))
                                        .isNotEmpty())));
    }

    @Test
    void reportsPositionsInTheFileDespiteComments() {
        String text = ConfigurationText.completed("""
                # comment

                [front] # comment
                also = [ # "
                  # '

                  "/a#b", '/c#d\\', "/e\\"#f", "g", # comment
                ]
                # \"""
                [store]
                directory = \"""
                # no comment

                x""\""" # comment

                oops = '''#''''' # comment
                """);
        assertThat(ConfigurationText.mistakes(directory, text))
                .satisfiesExactly(
                        one -> assertThat(one).startsWith("7:30: `also`, \"g\""),
                        two -> assertThat(two).startsWith("11:1: `directory`, \"# no comment\\u000a\\u000ax\"\"\""),
                        three -> assertThat(three).startsWith("16:1: unknown key `oops`"));
        assertThat(ConfigurationText.mistakes(directory, "\n# x\n[front]\n\n# x\n[front]\n\n\nx = [1, # x\n\n"))
                .satisfiesExactly(
                        one -> assertThat(one).isEqualTo("6:1: front previously defined at line 3, column 1"),
                        two -> assertThat(two).startsWith("11:1: "));
    }

    @TestFactory
    Stream<DynamicTest> survivesDeepNesting() {
        return Stream.of("[", "{a=", "[{a=", "a.", "[[", "a=[\n")
                .map(unit -> DynamicTest.dynamicTest("of " + unit, () -> {
                    String bomb = unit.repeat(unit.contains("\n") ? 1000 : 100_000 / unit.length());
                    assertThat(ConfigurationText.mistakes(directory, "a=" + bomb))
                            .isNotEmpty();
                    assertThat(ConfigurationText.mistakes(directory, bomb + "b = 1"))
                            .isNotEmpty();
                }));
    }

    @Test
    void reportsBinaryGarbageWithoutControlCharacters() {
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            byte[] garbage = new byte[2000];
            random.nextBytes(garbage);
            if (i % 2 == 0) {
                for (int at = 0; at < garbage.length; at++) {
                    garbage[at] &= 0x7f;
                }
            }
            assertThat(ConfigurationText.mistakes(directory, garbage))
                    .isNotEmpty()
                    .allSatisfy(mistake -> assertThat(mistake).matches("[^\\p{Cntrl}]*"));
        }
    }

    @Test
    void reportsEachMistakeInALineWithFileLineAndColumn() {
        Path file = directory.resolve("ringcert.toml");
        assertThatThrownBy(() ->
                        ConfigurationText.load(directory, ConfigurationText.completed("[front]\nhandof = 1\n[stor]")))
                .hasMessage(file + ":2:1: unknown key `handof` in [front]; did you mean `handoff`?\n" + file
                        + ":3:1: unknown table `stor`; did you mean [store]?");
    }

    @Test
    void showsAtMostAHundredMistakes() {
        ConfigurationException error = catchThrowableOfType(
                ConfigurationException.class, () -> ConfigurationText.load(directory, "x\n".repeat(1000)));
        assertThat(error.mistakes()).hasSize(1000);
        assertThat(String.valueOf(error.getMessage()).lines())
                .hasSize(101)
                .last()
                .asString()
                .endsWith("and 900 more");
    }
}
