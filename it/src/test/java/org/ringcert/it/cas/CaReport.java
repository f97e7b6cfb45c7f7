package org.ringcert.it.cas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run has found out about a CA.
 *
 * @param outcomes one for each scenario that has been decided so far
 * @param facts empty or one element
 */
record CaReport(List<Outcome> outcomes, List<Facts> facts) {

    /** How a scenario ended. */
    enum Status {
        PASSED,
        FAILED,
        /** It depends on an earlier scenario that failed. */
        NOT_RUN
    }

    /**
     * The end of a scenario.
     *
     * @param detail why it failed or was not run; empty if it passed
     */
    record Outcome(Scenario scenario, Status status, long millis, String detail) {}

    /**
     * How the CA validates.
     *
     * @param redirects how many redirects it follows; 0 if it follows none; negative if it has sent no request
     * @param userAgent of its requests; empty if it sends none
     * @param hostAfterRedirect empty if it follows none
     */
    record Facts(int redirects, String userAgent, String hostAfterRedirect) {}

    static final Facts NO_FACTS = new Facts(-1, "", "");

    static final CaReport EMPTY = new CaReport(List.of(), List.of());

    CaReport with(Outcome outcome) {
        List<Outcome> all = new ArrayList<>(outcomes);
        all.add(outcome);
        return new CaReport(List.copyOf(all), facts);
    }

    CaReport with(Facts found) {
        return new CaReport(outcomes, List.of(found));
    }

    boolean passed(Scenario scenario) {
        return outcomes.stream()
                .anyMatch(outcome -> outcome.scenario() == scenario && outcome.status() == Status.PASSED);
    }

    /** Returns whether all has been found out. */
    boolean isComplete() {
        return outcomes.size() == Scenario.values().length && !facts.isEmpty();
    }

    void write(Path file) throws IOException {
        Files.write(file, JsonMapper.shared().writeValueAsBytes(this));
    }

    static CaReport read(Path file) throws IOException {
        if (Files.notExists(file)) {
            return EMPTY;
        }
        try {
            return JsonMapper.shared().readValue(Files.readAllBytes(file), CaReport.class);
        } catch (JacksonException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
