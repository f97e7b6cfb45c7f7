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

/** Another web server in a node's place. */
final class FakePeer implements AutoCloseable {

    /** What it answers to the first line of a request, one after the other. */
    @FunctionalInterface
    interface Answering {
        void write(String line, OutputStream out) throws IOException, InterruptedException;
    }

    /** Answers of servers that have never heard of challenges, whatever they are asked. */
    enum Nonsense implements Answering {
        A_PAGE {
            @Override
            public void write(String line, OutputStream out) throws IOException {
                String page = "<!doctype html><title>Welcome</title><p>It works!\n";
                head(out, "200 OK", "Content-Type: text/html\r\nContent-Length: " + page.length());
                out.write(page.getBytes(StandardCharsets.US_ASCII));
            }
        },
        A_REDIRECT {
            @Override
            public void write(String line, OutputStream out) throws IOException {
                head(out, "302 Found", "Location: https://www.example.net/\r\nContent-Length: 0");
            }
        },
        MEGABYTES {
            @Override
            public void write(String line, OutputStream out) throws IOException {
                head(out, "200 OK", "Content-Type: text/plain");
                byte[] block = "A".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
                for (int blocks = 0; blocks < 64; blocks++) {
                    out.write(block);
                }
            }
        }
    }

    static void head(OutputStream out, String status, String fields) throws IOException {
        String head = "HTTP/1.1 " + status + "\r\n" + fields + "\r\nConnection: close\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
    }

    private final ServerSocket listening;
    private final Answering answering;
    private final Queue<String> questions = new ConcurrentLinkedQueue<>();

    FakePeer(InetAddress address, int port, Answering answering) throws IOException {
        this.listening = new ServerSocket(port, 50, address);
        this.answering = answering;
        Thread.ofPlatform().daemon().name("strange peer").start(this::serve);
    }

    /** How many it has answered so far. */
    int questions() {
        return questions.size();
    }

    /** How many of them were for that token. */
    long questions(String token) {
        return questions.stream().filter(line -> line.contains(token)).count();
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
                questions.add(line);
                answering.write(line, socket.getOutputStream());
            } catch (IOException _) {
                // who asked had enough of it, or it is closed
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
