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

    /** A daemon says at once that it is there. Another program may accept a connection and stay silent. */
    private static final Duration GREETING_TIMEOUT = Duration.ofSeconds(1);

    /** A look of the daemon ends after five seconds. */
    private static final Duration TIMEOUT = Duration.ofSeconds(6);

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
     * Asks. Blocks for two seconds at most if what listens there is silent, and for eight at most if it is not.
     *
     * @param target path and query; the caller has validated them
     */
    Reply ask(String target) {
        Reply greeting = exchange("/healthz", GREETING_TIMEOUT);
        return greeting instanceof Reply.Answered ? exchange(target, TIMEOUT) : greeting;
    }

    private Reply exchange(String target, Duration timeout) {
        InetSocketAddress reachable = reachable();
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(reachable, (int) CONNECT_TIMEOUT.toMillis());
            String request = "GET " + target + " HTTP/1.1\r\nHost: " + AddressText.inUrl(reachable.getAddress()) + ":"
                    + reachable.getPort() + "\r\nUser-Agent: ringcert\r\nConnection: close\r\n\r\n";
            HttpGet.Response response =
                    HttpGet.exchange(socket, request, timeout, ResponseLimits.ofBodyAndReason(MAX_BODY_BYTES));
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
