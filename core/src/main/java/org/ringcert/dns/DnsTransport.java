package org.ringcert.dns;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;

/**
 * One query and its response, over UDP or TCP (RFC 1035, section 4.2). Each query has a socket, a port and an
 * identifier of its own, so that a forged response has to guess both (RFC 5452). On a virtual thread, an interrupt ends
 * it.
 */
final class DnsTransport {

    /** The largest response over UDP that is asked for. It is not fragmented on any usual path (RFC 9715). */
    static final int UDP_PAYLOAD = 1232;

    /** Some servers ignore what they are asked for. */
    private static final int UDP_BUFFER = 4096;

    private DnsTransport() {}

    /**
     * Asks over UDP. Packets that are not the response are ignored.
     *
     * @throws InvalidResponseException if packets came, and none was the response
     * @throws SocketTimeoutException if none came
     * @throws IOException if the server cannot be reached, or nothing listens there
     */
    static Message overUdp(InetSocketAddress server, Message query, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        byte[] bytes = query.toWire();
        try (DatagramSocket socket = new DatagramSocket()) {
            // Only packets of this server are received, and ICMP errors are reported.
            socket.connect(server);
            socket.send(new DatagramPacket(bytes, bytes.length));
            DatagramPacket packet = new DatagramPacket(new byte[UDP_BUFFER], UDP_BUFFER);
            boolean isInvalid = false;
            while (true) {
                try {
                    socket.setSoTimeout(remainingMillis(deadline));
                    packet.setLength(UDP_BUFFER);
                    socket.receive(packet);
                } catch (SocketTimeoutException e) {
                    throw isInvalid ? new InvalidResponseException() : e;
                }
                Optional<Message> response = response(query, Arrays.copyOf(packet.getData(), packet.getLength()));
                if (response.isPresent()) {
                    return response.get();
                }
                isInvalid = true;
            }
        }
    }

    /**
     * Asks over TCP.
     *
     * @throws InvalidResponseException if the server sends something else than the response
     * @throws SocketTimeoutException if the response is not complete in time
     * @throws IOException if the server cannot be reached, or closes the connection
     */
    static Message overTcp(InetSocketAddress server, Message query, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        byte[] bytes = query.toWire();
        // The length and the message are sent in one segment (RFC 7766, section 8).
        byte[] framed = new byte[bytes.length + 2];
        framed[0] = (byte) (bytes.length >> 8);
        framed[1] = (byte) bytes.length;
        System.arraycopy(bytes, 0, framed, 2, bytes.length);
        try (Socket socket = new Socket()) {
            socket.connect(server, remainingMillis(deadline));
            socket.getOutputStream().write(framed);
            byte[] length = read(socket, 2, deadline);
            byte[] received = read(socket, ((length[0] & 0xff) << 8) | (length[1] & 0xff), deadline);
            return response(query, received).orElseThrow(InvalidResponseException::new);
        }
    }

    private static byte[] read(Socket socket, int length, long deadline) throws IOException {
        byte[] bytes = new byte[length];
        InputStream in = socket.getInputStream();
        for (int read = 0; read < length; ) {
            socket.setSoTimeout(remainingMillis(deadline));
            int more = in.read(bytes, read, length - read);
            if (more < 0) {
                throw new EOFException("it closed the connection");
            }
            read += more;
        }
        return bytes;
    }

    private static int remainingMillis(long deadline) throws SocketTimeoutException {
        long nanos = deadline - System.nanoTime();
        if (nanos <= 0) {
            throw new SocketTimeoutException("no response in time");
        }
        return Math.toIntExact(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    }

    /** Returns the response to the query, or empty if the bytes are something else. */
    private static Optional<Message> response(Message query, byte[] bytes) {
        Message message;
        try {
            CaaWire.hide(bytes);
            message = new Message(bytes);
        } catch (IOException | RuntimeException _) {
            // The parser is not written for hostile bytes in all record types.
            return Optional.empty();
        }
        boolean isResponse = message.getHeader().getFlag(Flags.QR)
                && message.getHeader().getID() == query.getHeader().getID();
        return isResponse && isSameQuestion(query, message) ? Optional.of(message) : Optional.empty();
    }

    private static boolean isSameQuestion(Message query, Message response) {
        Record question = response.getQuestion();
        // A server that could not parse the query cannot repeat the question.
        return question == null
                ? response.getRcode() == Rcode.FORMERR || response.getRcode() == Rcode.NOTIMP
                : question.equals(query.getQuestion());
    }

    /** The server sent something that is not the response to the query. */
    static final class InvalidResponseException extends IOException {
        private static final long serialVersionUID = 1;

        InvalidResponseException() {
            super("an invalid response");
        }
    }
}
