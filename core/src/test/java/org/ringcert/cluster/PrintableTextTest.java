package org.ringcert.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTextTest {

    @Test
    void removesControlCharacters() {
        assertThat(PrintableText.of("a\u001b[2J\r\nb\u202ec\u0000\ud800", 100)).isEqualTo("a [2J b c");
    }

    @Test
    void cutsLongTextBetweenCharacters() {
        assertThat(PrintableText.of("x".repeat(5000), 1000)).hasSize(1003).endsWith("x...");
        assertThat(PrintableText.of("\ud83d\ude00".repeat(3), 2)).isEqualTo("\ud83d\ude00\ud83d\ude00...");
    }
}
