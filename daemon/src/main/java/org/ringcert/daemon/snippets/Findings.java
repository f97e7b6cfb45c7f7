package org.ringcert.daemon.snippets;

import java.util.List;

/**
 * What stands between a web server's configuration and challenges that are answered. Immutable.
 *
 * @param lacking the virtual hosts that need the line
 * @param remarks what else has to be changed, as file and line with what is wrong and what to do
 * @param notes what helps with that
 */
record Findings(List<Lacking> lacking, List<String> remarks, List<String> notes) {

    Findings {
        lacking = List.copyOf(lacking);
        remarks = List.copyOf(remarks);
        notes = List.copyOf(notes);
    }

    Findings(List<Lacking> lacking, List<String> remarks) {
        this(lacking, remarks, List.of());
    }

    /**
     * A virtual host that needs the line.
     *
     * @param place file and line
     * @param where it is reached: {@code port 80}
     * @param names for which it is reached
     */
    record Lacking(String place, String where, String names) {

        @Override
        public String toString() {
            return place + "  " + where + ": " + names;
        }
    }
}
