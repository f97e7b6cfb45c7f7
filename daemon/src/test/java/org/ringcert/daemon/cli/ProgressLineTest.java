package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The line that shows how far a command has got. */
class ProgressLineTest {

    private static final Map<String, String> XTERM = Map.of("TERM", "xterm");

    private final StringWriter shown = new StringWriter();

    private ProgressLine line(boolean isTerminal, Map<String, String> environment) {
        return ProgressLine.of(new PrintWriter(shown), isTerminal, environment);
    }

    @Test
    void neverCountsBackwards() {
        ProgressLine line = line(true, XTERM);
        line.showLooks(7, 9);
        line.showLooks(6, 9);
        line.showLooks(8, 9);
        assertThat(shown.toString())
                .containsSubsequence("Looked 7 of 9", "Looked 8 of 9")
                .doesNotContain("Looked 6");
    }

    @Test
    void isShownOnlyOnATerminalThatCanClearIt() {
        for (ProgressLine line :
                new ProgressLine[] {line(false, XTERM), line(true, Map.of("TERM", "dumb")), line(true, Map.of())}) {
            line.showLooks(1, 9);
            line.clear();
        }
        assertThat(shown.toString()).isEmpty();
    }
}
