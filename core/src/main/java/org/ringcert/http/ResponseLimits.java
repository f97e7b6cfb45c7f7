package org.ringcert.http;

import java.util.function.ToIntFunction;

/**
 * How much of a response is read.
 *
 * @param headBytes for the status line and the headers, those of interim responses and trailers included
 * @param bodyBytes for the body, depending on the headers
 */
public record ResponseLimits(int headBytes, ToIntFunction<ResponseHeaders> bodyBytes) {

    private static final int HEAD_BYTES = 8 * 1024;

    static ResponseLimits ofBody(int bytes) {
        return new ResponseLimits(HEAD_BYTES, _ -> bytes);
    }
}
