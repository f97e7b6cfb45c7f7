package org.ringcert.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Waits for servers that are starting. */
final class PortProbe {

    private PortProbe() {}

    /** Waits until a server accepts connections on the port. */
    static void awaitOpen(InetAddress address, int port, Duration timeout) {
        await().atMost(timeout).until(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), 1000);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }
}
