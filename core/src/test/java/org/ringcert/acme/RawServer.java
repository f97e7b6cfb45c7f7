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

/** Answers every connection with the same bytes, whatever they are, and then hangs or hangs up. */
final class RawServer implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();

    /** Counts down when the client has let go of a connection that hangs. */
    final CountDownLatch letGo = new CountDownLatch(1);

    RawServer(String answer, boolean hang) throws IOException {
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    open.add(socket);
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> serve(socket, answer, hang));
                } catch (IOException _) {
                    return;
                }
            }
        });
    }

    URI directory() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/dir");
    }

    private void serve(Socket socket, String answer, boolean hang) {
        try (socket) {
            byte[] request = new byte[8192];
            if (socket.getInputStream().read(request) < 0) {
                return;
            }
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            while (hang && socket.getInputStream().read(request) >= 0) {
                // Wait until the client gives up.
            }
            letGo.countDown();
        } catch (SocketException _) {
            letGo.countDown();
        } catch (IOException _) {
            // The test sees what its client made of it.
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
