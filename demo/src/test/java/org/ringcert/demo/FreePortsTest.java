package org.ringcert.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortsTest {

    private static final InetAddress LOCALHOST = InetAddress.ofLiteral("127.0.0.1");

    @Test
    void findsAPortThatIsFreeOnEveryAddress() throws Exception {
        List<InetAddress> addresses =
                List.of(LOCALHOST, InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.3"));
        int port = FreePorts.on(addresses);
        for (InetAddress address : addresses) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(address, port));
                assertThat(socket.getLocalPort()).isEqualTo(port);
            }
        }
    }

    /** It has some 7,000 ports to choose from, so it would choose this one again, too. */
    @Test
    void systemChoosesNoReservedPort() throws Exception {
        try (ReservedPort reserved = FreePorts.reserve(List.of(LOCALHOST))) {
            for (int i = 0; i < 50_000; i++) {
                try (ServerSocket socket = new ServerSocket()) {
                    socket.bind(new InetSocketAddress(LOCALHOST, 0));
                    assertThat(socket.getLocalPort()).isNotEqualTo(reserved.number());
                }
            }
        }
    }

    @Test
    void serversListenOnAReservedPortOneAfterTheOther() throws Exception {
        try (ReservedPort reserved = FreePorts.reserve(List.of(LOCALHOST))) {
            InetSocketAddress address = new InetSocketAddress(LOCALHOST, reserved.number());
            for (int i = 0; i < 2; i++) {
                try (ServerSocket server = new ServerSocket()) {
                    server.bind(address);
                    new Socket(LOCALHOST, reserved.number()).close();
                }
                assertThatThrownBy(() -> new Socket(LOCALHOST, reserved.number()))
                        .isInstanceOf(ConnectException.class);
            }
        }
    }

    @Test
    void reservesNoPortThatIsReservedOnAnotherOfTheAddresses() throws Exception {
        InetAddress other = InetAddress.ofLiteral("127.0.0.2");
        try (ReservedPort reserved = FreePorts.reserve(List.of(other));
                Socket bound = new Socket()) {
            bound.setReuseAddress(false);
            assertThatThrownBy(() -> bound.bind(new InetSocketAddress(other, reserved.number())))
                    .isInstanceOf(BindException.class);
        }
    }

    @Test
    void refusesAnAddressOfAnotherMachine() {
        assertThatThrownBy(() -> FreePorts.on(List.of(InetAddress.ofLiteral("192.0.2.1"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("192.0.2.1");
    }
}
