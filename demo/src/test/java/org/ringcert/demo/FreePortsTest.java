package org.ringcert.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortsTest {

    @Test
    void findsAPortThatIsFreeOnEveryAddress() throws Exception {
        List<InetAddress> addresses = List.of(
                InetAddress.ofLiteral("127.0.0.1"),
                InetAddress.ofLiteral("127.0.0.2"),
                InetAddress.ofLiteral("127.0.0.3"));
        int port = FreePorts.on(addresses);
        for (InetAddress address : addresses) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(address, port));
                assertThat(socket.getLocalPort()).isEqualTo(port);
            }
        }
    }

    @Test
    void refusesAnAddressOfAnotherMachine() {
        assertThatThrownBy(() -> FreePorts.on(List.of(InetAddress.ofLiteral("192.0.2.1"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("192.0.2.1");
    }
}
