package org.ringcert.acme;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers every connection with the same bytes, whether or not they are HTTP, and then hangs or hangs up. */
final class RawServer implements AutoCloseable {

    enum Afterwards {
        HANG,
        HANG_UP
    }

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();

    /** Counts down when the client closes a connection. */
    final CountDownLatch clientGone = new CountDownLatch(1);

    /** @param afterwards what happens to each connection after the answer */
    RawServer(String answer, Afterwards afterwards) throws IOException {
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    open.add(socket);
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> serve(socket, answer, afterwards));
                } catch (IOException _) {
                    return;
                }
            }
        });
    }

    URI directory() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/dir");
    }

    private void serve(Socket socket, String answer, Afterwards afterwards) {
        try (socket) {
            byte[] request = new byte[8192];
            if (socket.getInputStream().read(request) < 0) {
                return;
            }
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            while (afterwards == Afterwards.HANG && socket.getInputStream().read(request) >= 0) {
                // Wait until the client gives up.
            }
            clientGone.countDown();
        } catch (SocketException _) {
            clientGone.countDown();
        } catch (IOException _) {
            // The test sees how its client fails.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
