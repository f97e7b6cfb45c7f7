package org.ringcert.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "a", "xn--bcher-kva.example", "1.2.example", "a-b.c-d.e"})
    void acceptsHostNames(String name) {
        assertThat(new HostName(name).value()).isEqualTo(name);
    }

    @Test
    void convertsToLowerCase() {
        assertThat(HostName.of("WWW.Example.ORG")).isEqualTo(new HostName("www.example.org"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | empty",
                "*.example.org | wildcards",
                "example.org. | dot at its end",
                "b\u00fccher.example | xn--bcher-kva.example",
                "-a.example | letters, digits",
                "a-.example | letters, digits",
                "a..example | letters, digits",
                ".example | letters, digits",
                "a_b.example | letters, digits",
                "a b.example | letters, digits",
                "a/b.example | letters, digits",
                "a\u0000b.example | letters, digits",
                "a\u0000\u00fc.example | no ASCII form",
                "a\u001b[2J\u00fc.example | no ASCII form"
            })
    void rejectsOtherNamesWithTheReason(String name, String reason) {
        assertThatThrownBy(() -> HostName.of(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "\u00fc"})
    void rejectsLongNames(String letter) {
        assertThatThrownBy(() -> HostName.of(letter.repeat(100_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 253");
        assertThatThrownBy(() -> HostName.of(letter.repeat(100) + ".example"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
