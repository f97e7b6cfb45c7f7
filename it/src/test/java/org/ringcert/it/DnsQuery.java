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

/** A query to a DNS server on this machine, over UDP (RFC 1035, section 4). */
public final class DnsQuery {

    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int MAX_LENGTH = 512;
    private static final int CLASS_INTERNET = 1;

    public enum Type {
        A(1),
        AAAA(28);

        private final int code;

        Type(int code) {
            this.code = code;
        }
    }

    private DnsQuery() {}

    /** Returns the name's addresses of the type. The list is empty if the name does not exist. */
    public static List<InetAddress> ask(int port, HostName name, Type type) throws IOException {
        byte[] question = question(name, type);
        InetAddress localhost = InetAddress.ofLiteral("127.0.0.1");
        try (DatagramSocket socket = new DatagramSocket(0, localhost)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(localhost, port));
            socket.send(new DatagramPacket(question, question.length));
            DatagramPacket answer = new DatagramPacket(new byte[MAX_LENGTH], MAX_LENGTH);
            socket.receive(answer);
            return answers(
                    new DataInputStream(new ByteArrayInputStream(answer.getData(), 0, answer.getLength())), type);
        }
    }

    private static byte[] question(HostName name, Type type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        // The id, the flag "recursion desired", and the counts: one question, no records.
        for (int word : new int[] {7, 0x0100, 1, 0, 0, 0}) {
            out.writeShort(word);
        }
        for (String label : name.value().split("\\.", -1)) {
            out.writeByte(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeByte(0);
        out.writeShort(type.code);
        out.writeShort(CLASS_INTERNET);
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
            int answerType = in.readUnsignedShort();
            in.skipNBytes(6);
            byte[] data = in.readNBytes(in.readUnsignedShort());
            if (answerType == type.code) {
                found.add(InetAddress.getByAddress(data));
            }
        }
        return found;
    }

    private static void skipName(DataInputStream in) throws IOException {
        for (int length = in.readUnsignedByte(); length != 0; length = in.readUnsignedByte()) {
            if (length >= 0xC0) {
                // A pointer ends the name.
                in.skipNBytes(1);
                return;
            }
            in.skipNBytes(length);
        }
    }
}
