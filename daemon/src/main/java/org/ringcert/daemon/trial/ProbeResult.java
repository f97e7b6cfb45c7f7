package org.ringcert.daemon.trial;

import java.util.Optional;

/** What came of a question. */
public sealed interface ProbeResult {

    /** A CA would have got the answer. */
    record Right() implements ProbeResult {}

    /** Nobody listens there, or nobody for that name, where that is no fault. */
    record Absent() implements ProbeResult {}

    /**
     * A CA would not have got it.
     *
     * @param why half a sentence, for a person
     * @param status of the first answer; 0 where there was none
     * @param location where the first answer leads to
     */
    record Wrong(Fault fault, String why, int status, Optional<String> location) implements ProbeResult {}

    /** What kind of fault it is, for what may help. */
    enum Fault {
        /** Nothing answers, or it is not HTTP. */
        SILENT,
        /** It is HTTP where TLS is wanted. */
        PLAIN,
        /** 401, 403 or 407. */
        CLOSED,
        /** 500 and more: what is behind the server does not answer it. */
        BEHIND,
        /** The server takes the token for one that it does not hold. */
        NOT_SEEN,
        /** The token's answer is there, and more with it. */
        ALTERED,
        /** Something else answers. */
        OTHER,
        /** This program failed at it: nothing is known of the server. */
        DEFECT
    }

    /** This program failed, and what it met says where. */
    static ProbeResult defect(Throwable met) {
        StackTraceElement[] trace = met.getStackTrace();
        String where = trace.length == 0 ? "" : " at " + trace[0];
        String why = "not asked to the end, by a defect of this program: " + met + where;
        return new Wrong(Fault.DEFECT, why.replaceAll("[^ -~]", "?"), 0, Optional.empty());
    }
}
