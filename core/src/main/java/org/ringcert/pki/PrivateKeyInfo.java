package org.ringcert.pki;

import java.math.BigInteger;

/** Puts the older forms of private keys, which OpenSSL still writes, into PKCS #8 (RFC 5958), which Java reads. */
final class PrivateKeyInfo {

    private PrivateKeyInfo() {}

    /** Of an RSAPrivateKey (RFC 8017, appendix A.1.2). */
    static byte[] ofRsa(byte[] key) {
        return around(Der.sequence(Der.oid("1.2.840.113549.1.1.1"), Der.nullValue()), key);
    }

    /**
     * Of an ECPrivateKey (RFC 5915, section 3).
     *
     * @throws IllegalArgumentException if it is none for P-256 or P-384
     */
    static byte[] ofEc(byte[] key) {
        String curve = switch (secretLength(key)) {
            case 32 -> "1.2.840.10045.3.1.7";
            case 48 -> "1.3.132.0.34";
            default -> throw new IllegalArgumentException("its EC key is neither on P-256 nor on P-384");
        };
        return around(Der.sequence(Der.oid("1.2.840.10045.2.1"), Der.oid(curve)), key);
    }

    private static byte[] around(byte[] algorithm, byte[] key) {
        return Der.sequence(Der.integer(BigInteger.ZERO), algorithm, Der.octets(key));
    }

    /** The secret number is as long as the curve's order; it follows the sequence's head and the version, 1. */
    private static int secretLength(byte[] key) {
        int head = key.length > 1 && key[1] < 0 ? 2 + (key[1] & 0x7f) : 2;
        boolean begins = head <= 4
                && key.length > head + 4
                && key[0] == 0x30
                && key[head] == 0x02
                && key[head + 1] == 1
                && key[head + 2] == 1
                && key[head + 3] == 0x04;
        return begins ? key[head + 4] : 0;
    }
}
