package org.ringcert.it.cas;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A CA that {@code ./test cas} installs and runs. It is installed by the test, which has the machine's network, and
 * started by {@code CaRun}, another process in a network of its own ({@link CaNetwork}). The two share only files, so
 * {@link #start} must find what {@link #install} has made from its version alone.
 */
interface CaProgram {

    /** Returns the name on the command line and in the table, in lower case, such as {@code step-ca}. */
    String name();

    /** Returns the version that is installed, such as {@code 0.30.2}. Called after {@link #install}. */
    String version() throws IOException;

    /**
     * Returns which settings differ from the CA's default and are needed to work with Ringcert, in Markdown; empty if
     * none are needed.
     */
    default String setting() {
        return "";
    }

    /**
     * Returns the scenarios that are known to fail, each with the reason in a sentence. They run all the same: one that
     * passes is a failure of the test, so that this list stays true.
     */
    default Map<Scenario, String> knownFailures() {
        return Map.of();
    }

    /**
     * Installs the CA into the cache ({@link org.ringcert.demo.Folders#cache}), if it is not there. May take minutes.
     *
     * @param progress receives one line before anything is fetched
     * @throws IOException if it cannot be had; the message says why in one line
     */
    void install(Consumer<String> progress) throws IOException;

    /**
     * Starts the CA with an empty database and waits until its directory answers.
     *
     * @param folder an empty folder for its files
     * @throws IOException if it does not start; the message has its last lines of output
     */
    RunningCa start(Path folder) throws IOException;
}
