package org.ringcert.daemon.front;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds the heads of requests in what arrives on one connection. Keeps the bytes as they came until a head is complete:
 * taken apart, a head of three-byte header fields would need dozens of times its size, for as long as its sender likes.
 * What cannot become a request any more is refused at once.
 *
 * <p>For one thread.
 */
final class HeadReader {

    /** More header fields, or more bytes of them, are refused (431). */
    static final int MOST_FIELDS = 100;

    static final int LONGEST_FIELDS = 8 * 1024;

    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int end;
    private int scanned;
    private int lineStart;
    private int fieldsStart;
    private int lines;
    private boolean lineChecked;

    /**
     * Takes over bytes, which are the reader's from then on. A caller that asks for {@link #next} in between bounds
     * what is kept to one head and these bytes.
     */
    void append(byte[] more) {
        if (end == 0) {
            bytes = more;
        } else {
            if (end + more.length > bytes.length) {
                // Doubled, or a client that sends byte by byte would make much copying.
                bytes = Arrays.copyOf(bytes, Math.max(end + more.length, 2 * bytes.length));
            }
            System.arraycopy(more, 0, bytes, end, more.length);
        }
        end += more.length;
    }

    /** Whether nothing has arrived since the last complete head. */
    boolean isEmpty() {
        return end == 0;
    }

    /** Forgets everything: nothing more is wanted. */
    void drop() {
        bytes = NOTHING;
        end = 0;
        scanned = 0;
    }

    /** Bytes of memory that are kept until the next head is complete. */
    int capacity() {
        return bytes.length;
    }

    /**
     * The next complete head, or nothing until more has been appended.
     *
     * @throws RefusedException if there will be none; not to be asked again then
     */
    Optional<Head> next() throws RefusedException {
        while (scanned < end) {
            byte b = bytes[scanned];
            boolean afterReturn = scanned > lineStart && bytes[scanned - 1] == '\r';
            if (b == '\n' && afterReturn) {
                scanned++;
                if (endOfLine()) {
                    return Optional.of(take());
                }
            } else {
                check(b, afterReturn);
                scanned++;
            }
        }
        checkLineEarly();
        return Optional.empty();
    }

    private boolean endOfLine() throws RefusedException {
        boolean empty = scanned - lineStart == 2;
        if (lines == 0 && empty) {
            skipEmptyLine();
            return false;
        }
        if (!empty) {
            lines++;
            lineStart = scanned;
            if (lines == 1) {
                fieldsStart = scanned;
            } else if (lines - 1 > MOST_FIELDS) {
                throw new RefusedException(Refusal.FIELDS_TOO_LARGE);
            }
        }
        return empty;
    }

    // One empty line before a request is forgiven (RFC 9112, section 2.2).
    private void skipEmptyLine() throws RefusedException {
        if (lineStart > 0) {
            throw new RefusedException(Refusal.BAD_REQUEST);
        }
        lineStart = scanned;
    }

    private void check(byte b, boolean afterReturn) throws RefusedException {
        boolean control = (b >= 0 && b < ' ' && b != '\r') || b == 0x7f;
        boolean first = scanned == lineStart;
        if (lines == 0) {
            // Printable ASCII and spaces; and methods begin with a capital, which TLS and other protocols do not.
            if (control || b < 0 || afterReturn || (first && b != '\r' && (b < 'A' || b > 'Z'))) {
                throw new RefusedException(Refusal.BAD_REQUEST);
            }
            if (scanned - lineStart > RequestLine.LONGEST) {
                throw new RefusedException(Refusal.URI_TOO_LONG);
            }
        } else {
            if ((control && b != '\t') || afterReturn) {
                throw new RefusedException(Refusal.BAD_REQUEST);
            }
            if (scanned - fieldsStart > LONGEST_FIELDS) {
                throw new RefusedException(Refusal.FIELDS_TOO_LARGE);
            }
        }
    }

    private Head take() throws RefusedException {
        int start = bytes[0] == '\r' ? 2 : 0;
        String text = new String(bytes, start, scanned - 2 - start, StandardCharsets.ISO_8859_1);
        bytes = scanned == end ? NOTHING : Arrays.copyOfRange(bytes, scanned, end);
        end = bytes.length;
        scanned = 0;
        lineStart = 0;
        lines = 0;
        lineChecked = false;
        return Head.parse(text);
    }

    // So that HTTP/0.9, HTTP/2 and the like get their answer without an empty line, which they do not send.
    private void checkLineEarly() throws RefusedException {
        if (lines > 0 && !lineChecked) {
            int start = bytes[0] == '\r' ? 2 : 0;
            RequestLine.parse(new String(bytes, start, fieldsStart - 2 - start, StandardCharsets.ISO_8859_1));
            lineChecked = true;
        }
    }
}
