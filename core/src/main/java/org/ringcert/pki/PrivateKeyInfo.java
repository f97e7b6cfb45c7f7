package org.ringcert.pki;

import java.math.BigInteger;

/** Converts the older private key formats, which OpenSSL still writes, to PKCS #8 (RFC 5958), which Java can read. */
final class PrivateKeyInfo {

    private PrivateKeyInfo() {}

    /** Wraps an RSAPrivateKey (RFC 8017, appendix A.1.2). */
    static byte[] ofRsa(byte[] key) {
        return wrap(Der.sequence(Der.oid("1.2.840.113549.1.1.1"), Der.nullValue()), key);
    }

    /**
     * Wraps an ECPrivateKey (RFC 5915, section 3).
     *
     * @throws IllegalArgumentException if the key is not on P-256 or P-384
     */
    static byte[] ofEc(byte[] key) {
        String curve = switch (privateNumberLength(key)) {
            case 32 -> "1.2.840.10045.3.1.7";
            case 48 -> "1.3.132.0.34";
            default -> throw new IllegalArgumentException("its EC key is neither on P-256 nor on P-384");
        };
        return wrap(Der.sequence(Der.oid("1.2.840.10045.2.1"), Der.oid(curve)), key);
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return Der.sequence(Der.integer(BigInteger.ZERO), algorithm, Der.octets(key));
    }

    /**
     * Returns the length of the private number, which is that of the curve's order. The number follows the header of
     * the SEQUENCE and the version, 1. Returns 0 if the encoding is anything else.
     */
    private static int privateNumberLength(byte[] key) {
        int header = key.length > 1 && key[1] < 0 ? 2 + (key[1] & 0x7f) : 2;
        boolean isEcPrivateKey = header <= 4
                && key.length > header + 4
                && key[0] == 0x30
                && key[header] == 0x02
                && key[header + 1] == 1
                && key[header + 2] == 1
                && key[header + 3] == 0x04;
        return isEcPrivateKey ? key[header + 4] : 0;
    }
}
