package org.ringcert.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SerialNumberTest {

    @ParameterizedTest
    @CsvSource({"187f3, 0187f3", "87f3, 87f3", "ff, ff", "0, 00", "-1, -01"})
    void hasTwoDigitsForEachByte(String number, String digits) {
        assertThat(SerialNumber.of(new BigInteger(number, 16))).isEqualTo(digits);
    }
}
