package org.ringcert.it;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.ringcert.cluster.HostName;

/** One question to a DNS server of this machine, over UDP (RFC 1035, section 4). */
final class DnsQuery {

    private static final int PATIENCE_MILLIS = 30_000;
    private static final int LARGEST = 512;
    private static final int INTERNET = 1;

    enum Type {
        A(1),
        AAAA(28);

        private final int code;

        Type(int code) {
            this.code = code;
        }
    }

    private DnsQuery() {}

    /** The addresses of that type that the name has; none where there is no such name. */
    static List<InetAddress> ask(int port, HostName name, Type type) throws IOException {
        byte[] question = question(name, type);
        InetAddress here = InetAddress.ofLiteral("127.0.0.1");
        try (DatagramSocket socket = new DatagramSocket(0, here)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(here, port));
            socket.send(new DatagramPacket(question, question.length));
            DatagramPacket answer = new DatagramPacket(new byte[LARGEST], LARGEST);
            socket.receive(answer);
            return answers(
                    new DataInputStream(new ByteArrayInputStream(answer.getData(), 0, answer.getLength())), type);
        }
    }

    private static byte[] question(HostName name, Type type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        // id, "recursion desired", one question, nothing else
        for (int word : new int[] {7, 0x0100, 1, 0, 0, 0}) {
            out.writeShort(word);
        }
        for (String label : name.value().split("\\.", -1)) {
            out.writeByte(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeByte(0);
        out.writeShort(type.code);
        out.writeShort(INTERNET);
        return bytes.toByteArray();
    }

    private static List<InetAddress> answers(DataInputStream in, Type type) throws IOException {
        in.skipNBytes(6);
        int count = in.readUnsignedShort();
        in.skipNBytes(4);
        skipName(in);
        in.skipNBytes(4);
        List<InetAddress> found = new ArrayList<>();
        for (int answer = 0; answer < count; answer++) {
            skipName(in);
            int kind = in.readUnsignedShort();
            in.skipNBytes(6);
            byte[] data = in.readNBytes(in.readUnsignedShort());
            if (kind == type.code) {
                found.add(InetAddress.getByAddress(data));
            }
        }
        return found;
    }

    private static void skipName(DataInputStream in) throws IOException {
        for (int length = in.readUnsignedByte(); length != 0; length = in.readUnsignedByte()) {
            if (length >= 0xC0) {
                // a pointer ends a name
                in.skipNBytes(1);
                return;
            }
            in.skipNBytes(length);
        }
    }
}
