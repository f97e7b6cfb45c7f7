package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListeningProcessTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
    void findsTheProcessThatListens(String address) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(address))) {
            assertThat(ListeningProcess.isPortTaken(socket.getLocalPort())).isTrue();
            assertThat(ListeningProcess.find(socket.getLocalPort()).map(ListeningProcess::pid))
                    .contains(ProcessHandle.current().pid());
            assertThat(ListeningProcess.findAll(InetAddress.ofLiteral("127.0.0.1"), socket.getLocalPort()))
                    .extracting(ListeningProcess::pid)
                    .contains(ProcessHandle.current().pid());
            assertThat(ListeningProcess.portsOf(_ -> true)).contains(socket.getLocalPort());
            assertThat(ListeningProcess.portsOf("no program has this name"::equals))
                    .isEmpty();
        }
    }

    @Test
    void findsNothingOnAFreePort() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(ListeningProcess.isPortTaken(port)).isFalse();
        assertThat(ListeningProcess.find(port)).isEmpty();
    }

    @Test
    void ignoresProcessesThatListenOnAnotherAddressOnly() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(ListeningProcess.findAll(InetAddress.ofLiteral("127.0.0.2"), socket.getLocalPort()))
                    .isEmpty();
        }
    }
}
