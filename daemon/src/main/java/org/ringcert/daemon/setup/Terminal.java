package org.ringcert.daemon.setup;

import java.util.Locale;
import java.util.Optional;

/** A terminal with a user. Not thread-safe. */
public interface Terminal {

    /** Prints a line. */
    void print(String line);

    /**
     * Prints the question and waits for a line of input. Returns it without its line end, or empty at the end of the
     * input.
     */
    Optional<String> ask(String question);

    /** Asks a question and returns whether the answer is yes. No answer means no. */
    default boolean isConfirmed(String question) {
        String answer = ask(question).orElse("").strip().toLowerCase(Locale.ROOT);
        return answer.equals("y") || answer.equals("yes");
    }
}
