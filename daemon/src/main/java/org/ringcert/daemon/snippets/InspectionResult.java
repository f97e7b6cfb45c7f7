package org.ringcert.daemon.snippets;

import java.util.List;

/**
 * What has to be changed in a web server's configuration before challenges are answered. Immutable.
 *
 * @param unprepared the virtual hosts that do not have Ringcert's rules yet
 * @param problems everything else that has to be changed, each with file and line, what is wrong and what to do
 * @param notes further information that helps to make the changes
 */
record InspectionResult(List<UnpreparedHost> unprepared, List<String> problems, List<String> notes) {

    InspectionResult {
        unprepared = List.copyOf(unprepared);
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    InspectionResult(List<UnpreparedHost> unprepared, List<String> problems) {
        this(unprepared, problems, List.of());
    }

    /**
     * A virtual host that does not have Ringcert's rules yet.
     *
     * @param position file and line
     * @param endpoint where it receives requests, such as {@code port 80}
     * @param names for which it receives requests
     */
    record UnpreparedHost(String position, String endpoint, String names) {

        @Override
        public String toString() {
            return position + "  " + endpoint + ": " + names;
        }
    }
}
