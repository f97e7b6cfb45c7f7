package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortHolderTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
    void whoListensIsSeen(String address) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(address))) {
            assertThat(PortHolder.isTaken(socket.getLocalPort())).isTrue();
            assertThat(PortHolder.of(socket.getLocalPort()).map(PortHolder::pid))
                    .contains(ProcessHandle.current().pid());
            assertThat(PortHolder.at(InetAddress.ofLiteral("127.0.0.1"), socket.getLocalPort()))
                    .extracting(PortHolder::pid)
                    .contains(ProcessHandle.current().pid());
            assertThat(PortHolder.ports(_ -> true)).contains(socket.getLocalPort());
            assertThat(PortHolder.ports("no program is called so"::equals)).isEmpty();
        }
    }

    @Test
    void aPortThatNobodyHasIsFree() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(PortHolder.isTaken(port)).isFalse();
        assertThat(PortHolder.of(port)).isEmpty();
    }

    @Test
    void whoListensOnAnotherAddressOnlyIsNotMeant() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(PortHolder.at(InetAddress.ofLiteral("127.0.0.2"), socket.getLocalPort()))
                    .isEmpty();
        }
    }
}
