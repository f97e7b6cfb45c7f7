package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolverAddressTest {

    @ParameterizedTest
    @CsvSource({
        "9.9.9.9, 9.9.9.9, 53",
        "9.9.9.9:5353, 9.9.9.9, 5353",
        "2620:fe::fe, 2620:fe::fe, 53",
        "[2620:fe::fe], 2620:fe::fe, 53",
        "[2620:fe::fe]:5353, 2620:fe::fe, 5353"
    })
    void thePortMayBeLeftOut(String written, String address, int port) {
        assertThat(ResolverAddress.parse(written))
                .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    }
}
