package org.ringcert.daemon.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.ringcert.cluster.AddressText;
import org.ringcert.http.HttpGet;
import org.ringcert.http.ResponseLimits;

/**
 * The daemon of this node, asked over its admin address. Loads little, because a command that asks should take hardly
 * longer than one that does nothing.
 *
 * @param address where the configuration says that it listens
 */
record RunningDaemon(InetSocketAddress address) {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    /** A look ends after five seconds, and may have to wait for others first. */
    private static final Duration TIMEOUT = Duration.ofSeconds(12);

    private static final int MAX_BODY_BYTES = 256 * 1024;

    /** What came of a question. */
    sealed interface Reply {

        /** Some HTTP server answered. Whether it is the daemon of this node, only its body can say. */
        record Answered(int status, String body) implements Reply {}

        /** Nothing listens there. */
        record NotRunning() implements Reply {}

        /**
         * Something listens there that is no help.
         *
         * @param reason half a sentence about it
         */
        record Unusable(String reason) implements Reply {}
    }

    /**
     * Asks.
     *
     * @param target path and query; the caller has validated them
     */
    Reply ask(String target) {
        InetSocketAddress reachable = reachable();
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(reachable, (int) CONNECT_TIMEOUT.toMillis());
            String request = "GET " + target + " HTTP/1.1\r\nHost: " + AddressText.inUrl(reachable.getAddress()) + ":"
                    + reachable.getPort() + "\r\nUser-Agent: ringcert\r\nConnection: close\r\n\r\n";
            HttpGet.Response response =
                    HttpGet.exchange(socket, request, TIMEOUT, ResponseLimits.ofBodyAndReason(MAX_BODY_BYTES));
            return new Reply.Answered(response.status(), utf8(response.body()));
        } catch (ConnectException e) {
            return new Reply.NotRunning();
        } catch (SocketTimeoutException e) {
            return new Reply.Unusable("does not answer in time");
        } catch (IOException e) {
            return new Reply.Unusable("does not answer in HTTP as a daemon does");
        }
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** A daemon that listens on all addresses is asked on loopback. */
    private InetSocketAddress reachable() {
        return address.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort())
                : address;
    }

    @Override
    public String toString() {
        return AddressText.inUrl(address.getAddress()) + ":" + address.getPort();
    }
}
