package org.ringcert.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListeningSocketTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.84.3.200", "::1"})
    void listsTheAddress(String literal) throws IOException {
        InetAddress address = InetAddress.ofLiteral(literal);
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            assertThat(ListeningSocket.onPort(socket.getLocalPort()))
                    .extracting(ListeningSocket::address)
                    .isEqualTo(List.of(address));
        }
    }

    @Test
    void listsAWildcardAddressAndNoClosedPort() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
            assertThat(ListeningSocket.onPort(port))
                    .singleElement()
                    .matches(listening -> listening.address().isAnyLocalAddress());
        }
        assertThat(ListeningSocket.onPort(port)).isEmpty();
    }
}
