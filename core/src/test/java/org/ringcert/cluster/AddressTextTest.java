package org.ringcert.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "2001:db8::10, 2001:db8::10",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:a::, 2001:db8:a::",
        "::, ::",
        "::1, ::1",
        "fe80::1, fe80::1"
    })
    void writesTheCanonicalForm(String literal, String expected) {
        assertThat(AddressText.of(InetAddress.ofLiteral(literal))).isEqualTo(expected);
    }

    @Test
    void omitsTheScope() throws UnknownHostException {
        byte[] bytes = InetAddress.ofLiteral("fe80::1").getAddress();
        assertThat(AddressText.of(Inet6Address.getByAddress("", bytes, 7))).isEqualTo("fe80::1");
    }

    @Test
    void putsIpv6InBracketsForUrls() {
        assertThat(AddressText.inUrl(InetAddress.ofLiteral("2001:db8::1"))).isEqualTo("[2001:db8::1]");
        assertThat(AddressText.inUrl(InetAddress.ofLiteral("192.0.2.1"))).isEqualTo("192.0.2.1");
    }
}
