package org.ringcert.it.cas;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.HostName;

/**
 * The DNS server of {@link CaNetwork} (RFC 1035), over UDP and TCP; Pebble asks over TCP. A name has one IPv4 address
 * and no other record. What it does not know does not exist. Thread-safe.
 */
final class NameServer implements AutoCloseable {

    private static final int PORT = 53;
    private static final int BACKLOG = 50;
    private static final int IDLE_TIMEOUT_MILLIS = 30_000;
    private static final int MAX_LENGTH = 512;
    private static final int HEADER_LENGTH = 12;
    private static final int TYPE_A = 1;

    /** A response of an authority for a recursive query, to which recursion is available. */
    private static final int RESPONSE = 0x8580;

    private static final int NO_SUCH_NAME = 3;

    /** The name of the question: a pointer to its place. */
    private static final int QUESTION_NAME = 0xC000 | HEADER_LENGTH;

    private final Map<String, InetAddress> addresses = new ConcurrentHashMap<>();
    private final DatagramSocket datagrams;
    private final ServerSocket connections;

    private NameServer(DatagramSocket datagrams, ServerSocket connections) {
        this.datagrams = datagrams;
        this.connections = connections;
    }

    /** Starts it on port 53 of the address. */
    static NameServer start(InetAddress address) throws IOException {
        NameServer server = new NameServer(
                new DatagramSocket(new InetSocketAddress(address, PORT)), new ServerSocket(PORT, BACKLOG, address));
        Thread.ofPlatform().daemon().name("dns over udp").start(server::serveDatagrams);
        Thread.ofPlatform().daemon().name("dns over tcp").start(server::serveConnections);
        return server;
    }

    /** Makes this the only address of the name, from the next query on. */
    void set(HostName name, InetAddress address) {
        addresses.put(name.value(), address);
    }

    private void serveDatagrams() {
        while (!datagrams.isClosed()) {
            try {
                DatagramPacket query = new DatagramPacket(new byte[MAX_LENGTH], MAX_LENGTH);
                datagrams.receive(query);
                byte[] response = respond(ByteBuffer.wrap(query.getData(), 0, query.getLength()));
                datagrams.send(new DatagramPacket(response, response.length, query.getSocketAddress()));
            } catch (IOException | RuntimeException e) {
                report(e);
            }
        }
    }

    private void serveConnections() {
        while (!connections.isClosed()) {
            try {
                Socket connection = connections.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                report(e);
            }
        }
    }

    /** Answers one query after the other. Each has its length in front, in two bytes. */
    private void serve(Socket connection) {
        try (connection) {
            connection.setSoTimeout(IDLE_TIMEOUT_MILLIS);
            DataInputStream in = new DataInputStream(connection.getInputStream());
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            while (true) {
                byte[] response = respond(ByteBuffer.wrap(in.readNBytes(in.readUnsignedShort())));
                ByteBuffer framed = ByteBuffer.allocate(Short.BYTES + response.length);
                framed.putShort((short) response.length).put(response);
                out.write(framed.array());
            }
        } catch (EOFException | SocketTimeoutException e) {
            // The client needs no more answers.
        } catch (IOException | RuntimeException e) {
            report(e);
        }
    }

    private void report(Exception e) {
        if (!datagrams.isClosed()) {
            System.out.println("a DNS query was not answered: " + e);
        }
    }

    private byte[] respond(ByteBuffer query) {
        short id = query.getShort();
        query.position(HEADER_LENGTH);
        StringBuilder name = new StringBuilder();
        for (int length = query.get() & 0xFF; length != 0; length = query.get() & 0xFF) {
            byte[] label = new byte[length];
            query.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        int type = query.getShort();
        int questionEnd = query.position() + Short.BYTES;
        @Nullable InetAddress address = addresses.get(name.toString().toLowerCase(Locale.ROOT));
        boolean answers = address != null && type == TYPE_A;
        ByteBuffer response = ByteBuffer.allocate(MAX_LENGTH);
        response.putShort(id).putShort((short) (RESPONSE | (address == null ? NO_SUCH_NAME : 0)));
        response.putShort((short) 1).putShort((short) (answers ? 1 : 0)).putInt(0);
        response.put(query.slice(HEADER_LENGTH, questionEnd - HEADER_LENGTH));
        if (address != null && answers) {
            // Type A, class Internet, no caching, four bytes.
            response.putShort((short) QUESTION_NAME).putShort((short) TYPE_A).putShort((short) 1);
            response.putInt(0).putShort((short) 4).put(address.getAddress());
        }
        return Arrays.copyOf(response.array(), response.position());
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        connections.close();
    }
}
