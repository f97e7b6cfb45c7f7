package org.ringcert.pki;

import java.math.BigInteger;
import java.security.cert.X509Certificate;

/** A certificate's serial number, for people and programs. */
public final class SerialNumber {

    private SerialNumber() {}

    /** Returns the number in lower-case hexadecimal digits, two for each byte. */
    public static String of(X509Certificate certificate) {
        return of(certificate.getSerialNumber());
    }

    static String of(BigInteger number) {
        String digits = number.abs().toString(16);
        return (number.signum() < 0 ? "-" : "") + (digits.length() % 2 == 0 ? "" : "0") + digits;
    }
}
