package org.ringcert.view.ca;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A connection that nobody accepts. */
record RawConnection(Socket socket) {

    /** Connects until the kernel ignores further connections. */
    static List<RawConnection> fill(ServerSocket listener) throws IOException {
        List<RawConnection> connections = new ArrayList<>();
        while (true) {
            Socket socket = new Socket();
            connections.add(new RawConnection(socket));
            try {
                socket.connect(listener.getLocalSocketAddress(), 300);
            } catch (SocketTimeoutException e) {
                return connections;
            }
        }
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
