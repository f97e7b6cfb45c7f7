package org.ringcert.daemon.cli;

import java.io.Console;
import java.util.Optional;
import org.ringcert.daemon.setup.Terminal;

/** The terminal of this process. */
record ConsoleTerminal(Console console) implements Terminal {

    /** Returns the terminal; empty if the standard input or output is none. */
    static Optional<Terminal> find() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).map(ConsoleTerminal::new);
    }

    @Override
    public void print(String line) {
        console.printf("%s%n", line);
    }

    @Override
    public Optional<String> ask(String question) {
        return Optional.ofNullable(console.readLine("%s", question));
    }
}
