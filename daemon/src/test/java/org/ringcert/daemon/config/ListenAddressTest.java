package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[::]:80",
                "[::1]:80",
                "0.0.0.0:80",
                "127.0.0.1:65535",
                "[2001:db8::1]:1",
                "[2001:db8:0:1::]:1",
                "[1:2:3:4:5:6:7:8]:1"
            })
    void formatsAddressesAsTheyAreWritten(String written) {
        assertThat(ListenAddress.parse(written)).hasToString(written);
    }

    @Test
    void bothFamiliesOnOnePortShareADualStackSocket() {
        assertThat(withoutCovered("0.0.0.0:80", "[::]:80")).containsExactly("[::]:80");
        assertThat(withoutCovered("[::]:80", "0.0.0.0:80")).containsExactly("[::]:80");
        assertThat(withoutCovered("[::]:80", "0.0.0.0:8080")).containsExactly("[::]:80", "0.0.0.0:8080");
    }

    @Test
    void dropsAddressesThatAWildcardCovers() {
        assertThat(withoutCovered("127.0.0.1:80", "0.0.0.0:80", "[::1]:80")).containsExactly("0.0.0.0:80", "[::1]:80");
        assertThat(withoutCovered("[::1]:80", "[::]:80", "127.0.0.1:80")).containsExactly("[::]:80");
        assertThat(withoutCovered("127.0.0.1:80", "127.0.0.1:80")).containsExactly("127.0.0.1:80");
    }

    private static List<String> withoutCovered(String... written) {
        return ListenAddress.withoutCovered(
                        Stream.of(written).map(ListenAddress::parse).toList())
                .stream()
                .map(ListenAddress::toString)
                .toList();
    }
}
