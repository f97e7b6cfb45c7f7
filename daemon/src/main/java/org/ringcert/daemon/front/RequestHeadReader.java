package org.ringcert.daemon.front;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds the heads of requests in the bytes that arrive on one connection. Keeps the bytes as received until a head is
 * complete: as objects, a head of three-byte header fields would take dozens of times its size, for as long as its
 * sender likes. Rejects bytes as soon as they cannot become a request.
 *
 * <p>Not thread-safe.
 */
final class RequestHeadReader {

    /** Maximum number of header fields; more are rejected (431). */
    static final int MAX_FIELDS = 100;

    /** Maximum bytes of all header fields; more are rejected (431). */
    static final int MAX_FIELD_BYTES = 8 * 1024;

    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int end;
    private int scanned;
    private int lineStart;
    private int fieldsStart;
    private int lines;
    private boolean isRequestLineChecked;

    /**
     * Appends bytes. The array belongs to the reader from then on. If the caller calls {@link #next} after each append,
     * no more is kept than one head and these bytes.
     */
    void append(byte[] more) {
        if (end == 0) {
            bytes = more;
        } else {
            if (end + more.length > bytes.length) {
                // Doubling bounds the copying for a client that sends byte by byte.
                bytes = Arrays.copyOf(bytes, Math.max(end + more.length, 2 * bytes.length));
            }
            System.arraycopy(more, 0, bytes, end, more.length);
        }
        end += more.length;
    }

    /** Returns true if nothing has arrived since the last complete head. */
    boolean isEmpty() {
        return end == 0;
    }

    /** Discards all bytes. The reader is not used afterwards. */
    void discard() {
        bytes = NOTHING;
        end = 0;
        scanned = 0;
    }

    /** Returns the bytes of memory that are kept until the next head is complete. */
    int capacity() {
        return bytes.length;
    }

    /**
     * Returns the next complete head, or nothing until more bytes are appended.
     *
     * @throws RejectedRequestException if the bytes cannot become a request; the reader must not be used afterwards
     */
    Optional<RequestHead> next() throws RejectedRequestException {
        while (scanned < end) {
            byte b = bytes[scanned];
            boolean isAfterCr = scanned > lineStart && bytes[scanned - 1] == '\r';
            if (b == '\n' && isAfterCr) {
                scanned++;
                if (endLine()) {
                    return Optional.of(takeHead());
                }
            } else {
                check(b, isAfterCr);
                scanned++;
            }
        }
        checkRequestLineEarly();
        return Optional.empty();
    }

    /** Ends a line; returns true if it was the empty one that ends the head. */
    private boolean endLine() throws RejectedRequestException {
        boolean isEmptyLine = scanned - lineStart == 2;
        if (lines == 0 && isEmptyLine) {
            skipEmptyLine();
            return false;
        }
        if (!isEmptyLine) {
            lines++;
            lineStart = scanned;
            if (lines == 1) {
                fieldsStart = scanned;
            } else if (lines - 1 > MAX_FIELDS) {
                throw new RejectedRequestException(HttpError.FIELDS_TOO_LARGE);
            }
        }
        return isEmptyLine;
    }

    // One empty line before a request is tolerated (RFC 9112, section 2.2).
    private void skipEmptyLine() throws RejectedRequestException {
        if (lineStart > 0) {
            throw new RejectedRequestException(HttpError.BAD_REQUEST);
        }
        lineStart = scanned;
    }

    private void check(byte b, boolean isAfterCr) throws RejectedRequestException {
        boolean isControl = (b >= 0 && b < ' ' && b != '\r') || b == 0x7f;
        boolean isFirst = scanned == lineStart;
        if (lines == 0) {
            // Only printable ASCII and spaces. A method begins with a capital; TLS and other protocols do not.
            if (isControl || b < 0 || isAfterCr || (isFirst && b != '\r' && (b < 'A' || b > 'Z'))) {
                throw new RejectedRequestException(HttpError.BAD_REQUEST);
            }
            if (scanned - lineStart > RequestLine.MAX_LENGTH) {
                throw new RejectedRequestException(HttpError.URI_TOO_LONG);
            }
        } else {
            if ((isControl && b != '\t') || isAfterCr) {
                throw new RejectedRequestException(HttpError.BAD_REQUEST);
            }
            if (scanned - fieldsStart > MAX_FIELD_BYTES) {
                throw new RejectedRequestException(HttpError.FIELDS_TOO_LARGE);
            }
        }
    }

    private RequestHead takeHead() throws RejectedRequestException {
        String text = text(scanned - 2);
        bytes = scanned == end ? NOTHING : Arrays.copyOfRange(bytes, scanned, end);
        end = bytes.length;
        scanned = 0;
        lineStart = 0;
        lines = 0;
        isRequestLineChecked = false;
        return RequestHead.parse(text);
    }

    // HTTP/0.9, HTTP/2 and the like do not send an empty line, so they would otherwise get no response.
    private void checkRequestLineEarly() throws RejectedRequestException {
        if (lines > 0 && !isRequestLineChecked) {
            RequestLine.parse(text(fieldsStart - 2));
            isRequestLineChecked = true;
        }
    }

    /** Returns the bytes up to an index, without an empty line before them. */
    private String text(int until) {
        int start = bytes[0] == '\r' ? 2 : 0;
        return new String(bytes, start, until - start, StandardCharsets.ISO_8859_1);
    }
}
