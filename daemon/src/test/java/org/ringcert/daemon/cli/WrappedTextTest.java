package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Lines that are wrapped at the width of a screen. */
class WrappedTextTest {

    @Test
    void wrapsBetweenWordsAndKeepsTheIndentOfAParagraph() {
        String flaw = "failure  www.example.org at web1: the certificate expired 3 days ago. Reload it.";
        assertThat(WrappedText.rows("short\n\n" + flaw, 40))
                .containsExactly(
                        "short",
                        "",
                        "failure  www.example.org at web1: the",
                        "         certificate expired 3 days ago.",
                        "         Reload it.");
    }

    @Test
    void aFullRowIsNotWrapped() {
        assertThat(WrappedText.rows("x".repeat(40), 40)).containsExactly("x".repeat(40));
        assertThat(WrappedText.rows("x".repeat(40) + " y", 40)).containsExactly("x".repeat(40), "y");
    }

    @Test
    void breaksAWordThatIsLongerThanARow() {
        assertThat(WrappedText.rows("warning  " + "x".repeat(50), 40))
                .containsExactly("warning  " + "x".repeat(31), "         " + "x".repeat(19));
    }

    @Test
    void coloursTakeNoRoom() {
        String row = "\u001b[31mfailure\u001b[0m  " + "x".repeat(31);
        assertThat(WrappedText.width(row)).isEqualTo(40);
        assertThat(WrappedText.rows(row, 40)).containsExactly(row);
        assertThat(WrappedText.rows(row + " y", 40)).containsExactly(row, "         y");
    }
}
