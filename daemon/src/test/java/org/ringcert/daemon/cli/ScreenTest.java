package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is known of the terminal. */
class ScreenTest {

    private static final Map<String, String> XTERM = Map.of("TERM", "xterm-256color");

    private static Screen terminal(Map<String, String> environment) {
        return Screen.of(true, environment, () -> Optional.of(new Screen.Size(50, 132)));
    }

    @Test
    void hasTheSizeOfTheTerminalUnlessTheEnvironmentSaysOtherwise() {
        assertThat(terminal(XTERM)).isEqualTo(new Screen(true, true, true, 132, 50));
        assertThat(terminal(Map.of("TERM", "xterm", "COLUMNS", "100")).columns())
                .isEqualTo(100);
        assertThat(terminal(Map.of("TERM", "xterm", "COLUMNS", "wide")).columns())
                .isEqualTo(132);
        assertThat(Screen.of(true, XTERM, Optional::empty)).isEqualTo(new Screen(true, true, true, 80, 24));
    }

    @Test
    void hasColorsOnlyWhereTheyAreWanted() {
        assertThat(terminal(Map.of("TERM", "xterm", "NO_COLOR", "1")).hasColors())
                .isFalse();
        assertThat(terminal(Map.of("TERM", "xterm", "NO_COLOR", "")).hasColors())
                .isTrue();
        assertThat(terminal(Map.of("TERM", "dumb")).hasColors()).isFalse();
        assertThat(terminal(Map.of()).hasColors()).isFalse();
    }

    @Test
    void hasNoLimitsIfItIsNoTerminal() {
        Screen pipe = Screen.of(false, Map.of("TERM", "xterm", "COLUMNS", "60"), () -> {
            throw new AssertionError("asked a terminal that is not there");
        });
        assertThat(pipe).isEqualTo(Screen.PIPE);
        assertThat(pipe.hasColors()).isFalse();
    }

    @Test
    void parsesTheSizeOfATerminal() {
        assertThat(Screen.parse("24 80\n")).contains(new Screen.Size(24, 80));
        assertThat(Screen.parse("0 0\n")).isEmpty();
        assertThat(Screen.parse("")).isEmpty();
        assertThat(Screen.parse("99999 80")).isEmpty();
    }
}
