package org.ringcert.pki;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Encodes the few DER types (ITU-T X.690) that certificate requests and self-signed certificates consist of. */
final class Der {

    private static final DateTimeFormatter UTC_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'");
    private static final DateTimeFormatter GENERALIZED_TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'");

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return value(0x30, parts);
    }

    static byte[] sequence(List<byte[]> parts) {
        return value(0x30, parts.toArray(byte[][]::new));
    }

    /** Encodes a SET of one element. DER would require several elements to be sorted. */
    static byte[] setOf(byte[] element) {
        return value(0x31, element);
    }

    static byte[] integer(BigInteger number) {
        return value(0x02, number.toByteArray());
    }

    static byte[] trueValue() {
        return value(0x01, new byte[] {(byte) 0xff});
    }

    static byte[] nullValue() {
        return value(0x05);
    }

    static byte[] octets(byte[] content) {
        return value(0x04, content);
    }

    /** @param unused the number of unused bits at the end, 0 to 7 */
    static byte[] bits(int unused, byte[] content) {
        return value(0x03, new byte[] {(byte) unused}, content);
    }

    static byte[] utf8(String text) {
        return value(0x0c, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Encodes a constructed value with a context-specific tag. The tag is explicit if the content is a complete value,
     * and implicit if it is the content of one.
     */
    static byte[] tagged(int number, byte[]... content) {
        return value(0xa0 | number, content);
    }

    /** Encodes a primitive value with an implicit context-specific tag. */
    static byte[] taggedText(int number, String ascii) {
        return value(0x80 | number, ascii.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        base128(out, Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            base128(out, Integer.parseInt(arcs[i]));
        }
        return value(0x06, out.toByteArray());
    }

    /**
     * Encodes a UTCTime for the years 1950 to 2049, otherwise a GeneralizedTime (RFC 5280, section 4.1.2.5). Drops
     * fractions of a second.
     */
    static byte[] time(Instant moment) {
        ZonedDateTime utc = moment.atZone(ZoneOffset.UTC);
        boolean isUtcTime = utc.getYear() >= 1950 && utc.getYear() < 2050;
        String text = utc.format(isUtcTime ? UTC_TIME : GENERALIZED_TIME);
        return value(isUtcTime ? 0x17 : 0x18, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void base128(ByteArrayOutputStream out, int arc) {
        for (int shift = 28; shift > 0; shift -= 7) {
            if (arc >>> shift != 0) {
                out.write(((arc >>> shift) & 0x7f) | 0x80);
            }
        }
        out.write(arc & 0x7f);
    }

    private static byte[] value(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            byte[] size = BigInteger.valueOf(length).toByteArray();
            int start = size[0] == 0 ? 1 : 0;
            out.write(0x80 | size.length - start);
            out.write(size, start, size.length - start);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
