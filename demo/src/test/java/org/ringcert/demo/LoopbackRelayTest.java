package org.ringcert.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopbackRelayTest {

    private static final InetAddress V4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress V6 = InetAddress.ofLiteral("::1");
    private static final int TIMEOUT_MILLIS = 60_000;

    @BeforeEach
    void requireBothAddresses() {
        try (ServerSocket probe = new ServerSocket(0, 1, V6)) {
            assumeTrue(probe.isBound());
        } catch (IOException e) {
            assumeTrue(false, "no ::1 on this machine");
        }
    }

    @Test
    void forwardsAConnectionAndReturnsTheReply() throws Exception {
        int port = FreePorts.on(List.of(V4, V6));
        try (LoopbackRelay _ = LoopbackRelay.open(port);
                ServerSocket server = new ServerSocket()) {
            server.bind(new InetSocketAddress(V4, port));
            server.setSoTimeout(TIMEOUT_MILLIS);
            FutureTask<String> received = new FutureTask<>(() -> {
                try (Socket socket = server.accept()) {
                    String all = read(socket);
                    socket.getOutputStream().write("answer".getBytes(StandardCharsets.US_ASCII));
                    return all;
                }
            });
            Thread.ofVirtual().start(received);
            try (Socket client = connect(port)) {
                client.getOutputStream().write("question".getBytes(StandardCharsets.US_ASCII));
                client.shutdownOutput();
                assertThat(read(client)).isEqualTo("answer");
            }
            assertThat(received.get()).isEqualTo("question");
        }
    }

    @Test
    void closesConnectionsIfNobodyListensAndAcceptsNoneAfterClose() throws Exception {
        int port = FreePorts.on(List.of(V4, V6));
        try (LoopbackRelay _ = LoopbackRelay.open(port)) {
            try (Socket client = connect(port)) {
                assertThat(read(client)).isEmpty();
            }
        }
        // An accept that was in progress may take one more connection.
        await().atMost(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .untilAsserted(
                        () -> assertThatThrownBy(() -> connect(port).close()).isInstanceOf(IOException.class));
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(V6, port), TIMEOUT_MILLIS);
        return socket;
    }

    private static String read(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
}
