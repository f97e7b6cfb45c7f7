package org.ringcert.view.ca;

import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses gzip in memory (RFC 1952) as strictly as Go does, and with a limit. The JDK's stream ignores garbage
 * after the end. Accepts one member, which is all that web servers send.
 */
final class Gunzip {

    private static final int HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int FLAG_HEADER_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;
    private static final int FLAGS_RESERVED = 0xe0;

    private final byte[] input;
    private int position = HEADER_BYTES;

    private Gunzip(byte[] input) {
        this.input = input;
    }

    /**
     * Returns the content, or its beginning if it is longer than the maximum. Returns empty if the input is not one
     * complete member with matching checksums.
     */
    static Optional<byte[]> decompress(byte[] input, int maxBytes) {
        try {
            return new Gunzip(input).decompress(maxBytes);
        } catch (ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private Optional<byte[]> decompress(int maxBytes) {
        if (input.length < HEADER_BYTES + TRAILER_BYTES
                || input[0] != 0x1f
                || (input[1] & 0xff) != 0x8b
                || input[2] != 8
                || (input[3] & FLAGS_RESERVED) != 0
                || !skipOptionalFields(input[3])) {
            return Optional.empty();
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(input, position, input.length - position);
            byte[] output = new byte[maxBytes];
            int length = 0;
            while (length < maxBytes && !inflater.finished()) {
                int count = inflater.inflate(output, length, maxBytes - length);
                if (count == 0 && !inflater.finished()) {
                    return Optional.empty();
                }
                length += count;
            }
            if (length == maxBytes) {
                return Optional.of(output);
            }
            int trailer = input.length - inflater.getRemaining();
            byte[] content = Arrays.copyOf(output, length);
            return inflater.getRemaining() == TRAILER_BYTES && matches(content, trailer)
                    ? Optional.of(content)
                    : Optional.empty();
        } catch (DataFormatException e) {
            return Optional.empty();
        } finally {
            inflater.end();
        }
    }

    private boolean skipOptionalFields(int flags) {
        if ((flags & FLAG_EXTRA) != 0) {
            position += 2 + (input[position] & 0xff) + ((input[position + 1] & 0xff) << 8);
        }
        for (int flag : new int[] {FLAG_NAME, FLAG_COMMENT}) {
            if ((flags & flag) != 0) {
                while (input[position++] != 0) {
                    // Skip a text that ends with NUL.
                }
            }
        }
        if ((flags & FLAG_HEADER_CRC) != 0) {
            CRC32 crc = new CRC32();
            crc.update(input, 0, position);
            int stored = (input[position] & 0xff) | (input[position + 1] & 0xff) << 8;
            position += 2;
            return stored == (crc.getValue() & 0xffff) && position <= input.length;
        }
        return position <= input.length;
    }

    private boolean matches(byte[] content, int trailer) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return littleEndian(trailer) == (int) crc.getValue() && littleEndian(trailer + 4) == content.length;
    }

    private int littleEndian(int at) {
        return (input[at] & 0xff)
                | (input[at + 1] & 0xff) << 8
                | (input[at + 2] & 0xff) << 16
                | (input[at + 3] & 0xff) << 24;
    }
}
