package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names on the command line that the configuration does not have. */
class UnknownNamesTest extends CommandLineFixture {

    @ParameterizedTest
    @ValueSource(strings = {"trace", "check", "renew"})
    void onlyTheBeginningOfALongListIsShown(String command) throws Exception {
        Path file = folder.resolve("ringcert.toml");
        String sites = IntStream.rangeClosed(1, 58)
                .mapToObj("[[site]]\nnames = [\"s%d.example.org\"]\n"::formatted)
                .collect(Collectors.joining());
        Files.writeString(file, sites, StandardOpenOption.APPEND);

        CommandRun result = onNode(command, "typo.example.org");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err())
                .contains("has www.example.org, shop.example.org, s1.example.org, ", "s8.example.org and 5")
                .contains(command.equals("trace") ? "and 52 more" : "and 50 more")
                .doesNotContain("[", "s9.example.org");
    }

    @Test
    void aUrlWithAPasswordIsRefusedAndNotRepeated() {
        CommandRun result = onNode("trace", "http://user:secret@www.example.org/");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("the URL has a user name or password").doesNotContain("secret");
    }
}
