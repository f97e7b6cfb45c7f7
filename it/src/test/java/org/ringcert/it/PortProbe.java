package org.ringcert.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** PortProbe to servers that are being started. */
final class PortProbe {

    private PortProbe() {}

    /** Waits until something accepts there. */
    static void awaitOpen(InetAddress address, int port, Duration atMost) {
        await().atMost(atMost).until(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), 1000);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }
}
