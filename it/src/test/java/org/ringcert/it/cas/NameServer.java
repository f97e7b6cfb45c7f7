package org.ringcert.it.cas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.HostName;

/**
 * The DNS server of {@link CaNetwork} (RFC 1035), over UDP. A name has one IPv4 address and no other record. What it
 * does not know does not exist. Thread-safe.
 */
final class NameServer implements AutoCloseable {

    private static final int MAX_LENGTH = 512;
    private static final int HEADER_LENGTH = 12;
    private static final int TYPE_A = 1;

    /** A response of an authority for a recursive query, to which recursion is available. */
    private static final int RESPONSE = 0x8580;

    private static final int NO_SUCH_NAME = 3;

    /** The name of the question: a pointer to its place. */
    private static final int QUESTION_NAME = 0xC000 | HEADER_LENGTH;

    private final Map<String, InetAddress> addresses = new ConcurrentHashMap<>();
    private final DatagramSocket socket;

    private NameServer(DatagramSocket socket) {
        this.socket = socket;
    }

    /** Starts it on port 53 of the address. */
    static NameServer start(InetAddress address) throws IOException {
        NameServer server = new NameServer(new DatagramSocket(new InetSocketAddress(address, 53)));
        Thread.ofPlatform().daemon().name("dns").start(server::serve);
        return server;
    }

    /** Makes this the only address of the name, from the next query on. */
    void set(HostName name, InetAddress address) {
        addresses.put(name.value(), address);
    }

    private void serve() {
        while (true) {
            try {
                DatagramPacket query = new DatagramPacket(new byte[MAX_LENGTH], MAX_LENGTH);
                socket.receive(query);
                byte[] response = respond(ByteBuffer.wrap(query.getData(), 0, query.getLength()));
                socket.send(new DatagramPacket(response, response.length, query.getSocketAddress()));
            } catch (IOException | RuntimeException e) {
                if (socket.isClosed()) {
                    return;
                }
                System.out.println("a DNS query was not answered: " + e);
            }
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
        response.put(query.array(), HEADER_LENGTH, questionEnd - HEADER_LENGTH);
        if (address != null && answers) {
            // Type A, class Internet, no caching, four bytes.
            response.putShort((short) QUESTION_NAME).putShort((short) TYPE_A).putShort((short) 1);
            response.putInt(0).putShort((short) 4).put(address.getAddress());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(response.array(), 0, response.position());
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
