package org.ringcert.daemon.setup;

import java.util.Optional;

/** Where questions are put to a person. For one thread. */
public interface Terminal {

    /** Shows a line. */
    void say(String line);

    /** Shows the question and waits for a line of answer, without its end; empty when nobody will answer any more. */
    Optional<String> ask(String question);
}
