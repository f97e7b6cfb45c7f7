package org.ringcert.http;

import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;

/**
 * How much of a response is read.
 *
 * @param headBytes for the status line and the headers, those of interim responses and trailers included
 * @param bodyBytes for the body, depending on the headers
 * @param hasBody the statuses whose body is read
 */
public record ResponseLimits(int headBytes, ToIntFunction<ResponseHeaders> bodyBytes, IntPredicate hasBody) {

    private static final int HEAD_BYTES = 8 * 1024;

    /** Limits for responses of which only those with status 200 have a body of interest. */
    public ResponseLimits(int headBytes, ToIntFunction<ResponseHeaders> bodyBytes) {
        this(headBytes, bodyBytes, status -> status == 200);
    }

    static ResponseLimits ofBody(int bytes) {
        return new ResponseLimits(HEAD_BYTES, _ -> bytes);
    }

    /** Returns limits for a server that says why it refuses a request in the body of its response. */
    public static ResponseLimits ofBodyAndReason(int bytes) {
        return new ResponseLimits(HEAD_BYTES, _ -> bytes, status -> status == 200 || status >= 400);
    }
}
