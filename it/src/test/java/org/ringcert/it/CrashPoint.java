package org.ringcert.it;

import java.util.HashMap;
import java.util.Map;
import org.ringcert.acme.AcmeException;

/** A point at which a process halts, as if by {@code kill -9}: {@code before respond 2}, {@code in Ordered 1}. */
final class CrashPoint {
    /** The exit status of a process that was killed with SIGKILL. */
    static final int KILLED = 137;

    private final String expected;
    private final Map<String, Integer> counts = new HashMap<>();

    CrashPoint(String expected) {
        this.expected = expected;
    }

    synchronized void reached(String when, String what) {
        String current = when + " " + what;
        if (expected.equals(current + " " + counts.merge(current, 1, Integer::sum))) {
            Runtime.getRuntime().halt(KILLED);
        }
    }

    <T> T around(String what, Call<T> call) throws AcmeException {
        reached("before", what);
        T result = call.run();
        reached("after", what);
        return result;
    }

    /** A call to the CA. */
    interface Call<T> {
        T run() throws AcmeException;
    }
}
