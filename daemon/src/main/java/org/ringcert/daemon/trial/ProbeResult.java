package org.ringcert.daemon.trial;

import java.util.Optional;

/** The result of a probe. */
public sealed interface ProbeResult {

    /** A CA would receive the expected answer. */
    record Correct() implements ProbeResult {}

    /** Nothing listens there, or nothing serves that name. On the https port this is not a fault. */
    record NothingListens() implements ProbeResult {}

    /**
     * A CA would not receive the expected answer.
     *
     * @param why a phrase for a person
     * @param status of the first response; 0 if there was none
     * @param location of the redirect in the first response
     */
    record Wrong(Fault fault, String why, int status, Optional<String> location) implements ProbeResult {}

    /** The kind of fault, on which the remedy depends. */
    enum Fault {
        /** There is no response, or it is not HTTP. */
        NO_RESPONSE,
        /** The server speaks plain HTTP instead of TLS. */
        PLAIN_HTTP,
        /** 401, 403 or 407. */
        ACCESS_DENIED,
        /** 500 or above: the server cannot reach what should answer. */
        SERVER_ERROR,
        /** The server does not find the token. */
        NOT_FOUND,
        /** The response has the expected answer and additional text. */
        ALTERED,
        /** Something else answers. */
        OTHER,
        /** Ringcert itself failed; nothing is known about the server. */
        INTERNAL_ERROR
    }

    /** Returns the result of a probe that failed because of a bug in Ringcert, with the position of the failure. */
    static ProbeResult internalError(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        String where = trace.length == 0 ? "" : " at " + trace[0];
        String why = "not completed because of a bug in Ringcert: " + failure + where;
        return new Wrong(Fault.INTERNAL_ERROR, why.replaceAll("[^ -~]", "?"), 0, Optional.empty());
    }
}
