package org.ringcert.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A web server at the address of a node. */
final class FakePeer implements AutoCloseable {

    /** Writes the response to a request. It is called for one request at a time. */
    @FunctionalInterface
    interface Responder {
        void write(String requestLine, OutputStream out) throws IOException, InterruptedException;
    }

    /** Invalid responses, from servers that do not know about challenges. They are the same for every request. */
    enum InvalidResponse implements Responder {
        A_PAGE {
            @Override
            public void write(String requestLine, OutputStream out) throws IOException {
                String page = "<!doctype html><title>Welcome</title><p>It works!\n";
                head(out, "200 OK", "Content-Type: text/html\r\nContent-Length: " + page.length());
                out.write(page.getBytes(StandardCharsets.US_ASCII));
            }
        },
        A_REDIRECT {
            @Override
            public void write(String requestLine, OutputStream out) throws IOException {
                head(out, "302 Found", "Location: https://www.example.net/\r\nContent-Length: 0");
            }
        },
        MEGABYTES {
            @Override
            public void write(String requestLine, OutputStream out) throws IOException {
                head(out, "200 OK", "Content-Type: text/plain");
                byte[] block = "A".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
                for (int blocks = 0; blocks < 64; blocks++) {
                    out.write(block);
                }
            }
        }
    }

    /** Writes the status line and the header fields. The connection is closed after the response. */
    static void head(OutputStream out, String status, String fields) throws IOException {
        String head = "HTTP/1.1 " + status + "\r\n" + fields + "\r\nConnection: close\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
    }

    private final ServerSocket listening;
    private final Responder responder;
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();

    FakePeer(InetAddress address, int port, Responder responder) throws IOException {
        this.listening = new ServerSocket(port, 50, address);
        this.responder = responder;
        Thread.ofPlatform().daemon().name("fake peer").start(this::serve);
    }

    /** Returns how many requests it has received. */
    int requests() {
        return requests.size();
    }

    /** Returns how many of the requests were for the token. */
    long requests(String token) {
        return requests.stream().filter(line -> line.contains(token)).count();
    }

    private void serve() {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                BufferedReader request =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                String line = String.valueOf(request.readLine());
                String field = request.readLine();
                while (field != null && !field.isEmpty()) {
                    field = request.readLine();
                }
                requests.add(line);
                responder.write(line, socket.getOutputStream());
            } catch (IOException _) {
                // The client has closed the connection, or the server is closed.
            } catch (InterruptedException e) {
                throw new IllegalStateException("unexpected interrupt", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
