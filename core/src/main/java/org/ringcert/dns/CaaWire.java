package org.ringcert.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.xbill.DNS.Type;

/**
 * CAA records in messages (RFC 8659, section 4.1). dnsjava rejects a whole message if a tag is not in lower case, so
 * the records are hidden from it.
 */
final class CaaWire {

    /** The type that CAA records have after {@link #hide}, in the range for private use (RFC 6895, section 3.1). */
    static final int HIDDEN_TYPE = 65_281;

    private static final int HEADER_LENGTH = 12;
    private static final int COMPRESSION_POINTER = 0xc0;

    private CaaWire() {}

    /**
     * Gives CAA records in a message another type, in place. The question keeps its type.
     *
     * @throws RuntimeException if the message is malformed
     */
    static void hide(byte[] message) {
        ByteBuffer buffer = ByteBuffer.wrap(message);
        int questions = Short.toUnsignedInt(buffer.getShort(4));
        int records = 0;
        for (int count = 6; count < HEADER_LENGTH; count += 2) {
            records += Short.toUnsignedInt(buffer.getShort(count));
        }
        buffer.position(HEADER_LENGTH);
        for (int i = 0; i < questions; i++) {
            skipName(buffer);
            skip(buffer, 4);
        }
        for (int i = 0; i < records; i++) {
            skipName(buffer);
            if (Short.toUnsignedInt(buffer.getShort(buffer.position())) == Type.CAA) {
                buffer.putShort(buffer.position(), (short) HIDDEN_TYPE);
            }
            skip(buffer, 8);
            skip(buffer, Short.toUnsignedInt(buffer.getShort()));
        }
    }

    private static void skipName(ByteBuffer buffer) {
        while (true) {
            int length = Byte.toUnsignedInt(buffer.get());
            if (length >= COMPRESSION_POINTER) {
                skip(buffer, 1);
                return;
            }
            if (length == 0) {
                return;
            }
            skip(buffer, length);
        }
    }

    private static void skip(ByteBuffer buffer, int bytes) {
        buffer.position(buffer.position() + bytes);
    }

    /** Returns the record with these data. */
    static CaaRecord parse(byte[] data) throws LookupFailedException {
        int tagLength = data.length < 2 ? 0 : Byte.toUnsignedInt(data[1]);
        if (tagLength == 0 || tagLength > data.length - 2) {
            throw new LookupFailedException("a CAA record is malformed");
        }
        String tag = new String(data, 2, tagLength, StandardCharsets.ISO_8859_1);
        String value = new String(data, 2 + tagLength, data.length - 2 - tagLength, StandardCharsets.ISO_8859_1);
        return new CaaRecord(Byte.toUnsignedInt(data[0]), tag.toLowerCase(Locale.ROOT), value);
    }
}
