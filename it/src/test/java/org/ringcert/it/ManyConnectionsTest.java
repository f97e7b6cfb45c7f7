package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;

/** Far more connections than usual to a daemon with its small heap. It still answers requests. */
class ManyConnectionsTest {

    private static final int CONNECTIONS = 10_000;

    /** Other files that this process and the daemon may have open. */
    private static final int OTHER_FILES = 1_000;

    /** The limit of connections from one address. */
    private static final int MAX_FROM_ONE_ADDRESS = 100;

    /** Connections attempted beyond the limit. */
    private static final int EXCESS = 50;

    @TempDir
    private Path folder;

    @Test
    void tenThousandUnfinishedRequestsDoNotKeepOthersFromBeingAnswered() throws Exception {
        long files =
                ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getMaxFileDescriptorCount();
        assumeTrue(
                files >= CONNECTIONS + OTHER_FILES,
                "needs " + (CONNECTIONS + OTHER_FILES) + " open files for each process; the limit is " + files
                        + " (ulimit -Hn)");
        List<SocketChannel> connections = new ArrayList<>();
        try (Testbed testbed = Testbed.start(folder, 1, "www.example.org")) {
            ChildProcess daemon = testbed.startDaemon(0);
            assertThat(Files.readString(Path.of("/proc", String.valueOf(daemon.pid()), "cmdline")))
                    .contains("jvm.args");
            assertThat(Files.readString(Path.of("..", "build", "jvm.args"))).contains("-Xmx64m");
            InetSocketAddress front = new InetSocketAddress(
                    testbed.cluster().address(0), testbed.ca().httpPort());
            // The daemon closes the oldest ones after a while. On a slow machine, new ones have to replace them.
            await().atMost(Testbed.TIMEOUT).until(() -> {
                connections.removeIf(ManyConnectionsTest::isClosedByServer);
                for (int i = 0; i < CONNECTIONS / 10; i++) {
                    connections.add(sendHalfARequest("127.90.0." + (1 + i % 200), front));
                }
                assertAnswers(testbed);
                return countOpenFiles(daemon) >= CONNECTIONS;
            });
            assertAnswers(testbed);
            assertThat(countOpenFiles(daemon)).as("open at the same time").isGreaterThanOrEqualTo(CONNECTIONS);
            assertThat(daemon.isAlive()).isTrue();
            assertThat(daemon.output()).doesNotContain("OutOfMemory");
        } finally {
            for (SocketChannel each : connections) {
                each.close();
            }
        }
    }

    /** The limit does not apply to loopback addresses, so this test uses another address of this machine. */
    @Test
    void oneAddressGetsOnlyItsShareOfConnectionsAndOthersAreServed() throws Exception {
        Optional<InetAddress> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address.getAddress().length == 4 && !address.isLoopbackAddress())
                .findFirst();
        assumeTrue(own.isPresent(), "needs an IPv4 address that is not a loopback address; this machine has none");
        List<SocketChannel> connections = new ArrayList<>();
        try (Testbed testbed = Testbed.start(folder, 1, "www.example.org")) {
            InetSocketAddress front =
                    new InetSocketAddress(own.get(), testbed.ca().httpPort());
            testbed.editConfiguration(text -> text.replaceFirst(
                    "listen = \\[(.*)]",
                    "listen = [$1, \"" + own.get().getHostAddress() + ":" + front.getPort() + "\"]"));
            testbed.startDaemon(0);
            for (int i = 0; i < MAX_FROM_ONE_ADDRESS; i++) {
                connections.add(sendHalfARequest(own.get().getHostAddress(), front));
            }
            for (int i = 0; i < EXCESS; i++) {
                assertThat(isServed(front)).as("beyond the limit").isFalse();
            }
            assertAnswers(testbed);

            connections.removeLast().close();
            await().atMost(Testbed.TIMEOUT).until(() -> isServed(front));
        } finally {
            for (SocketChannel each : connections) {
                each.close();
            }
        }
    }

    /** Returns whether a complete request is answered. Otherwise its connection was closed at once. */
    private static boolean isServed(InetSocketAddress front) {
        try (Socket socket = new Socket(front.getAddress(), front.getPort())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == 'H';
        } catch (IOException e) {
            return false;
        }
    }

    private static SocketChannel sendHalfARequest(String from, InetSocketAddress front) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        channel.connect(front);
        channel.write(
                ByteBuffer.wrap("GET /half-of-it HTTP/1.1\r\nHost: www.exam".getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    private static boolean isClosedByServer(SocketChannel channel) {
        ByteBuffer response = ByteBuffer.allocate(1024);
        try {
            channel.configureBlocking(false);
            while (channel.read(response.clear()) > 0) {}
            if (channel.read(response.clear()) == 0) {
                return false;
            }
            channel.close();
            return true;
        } catch (IOException e) {
            return true;
        }
    }

    /** Checks a request for a page and one for a challenge. */
    private static void assertAnswers(Testbed testbed) throws Exception {
        assertThat(NodeResponse.get(testbed, 0, "/").status()).isEqualTo(301);
        assertThat(NodeResponse.getChallenge(testbed, 0, Tokens.unknown()).status())
                .isEqualTo(404);
    }

    private static int countOpenFiles(ChildProcess daemon) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", String.valueOf(daemon.pid()), "fd"))) {
            return Math.toIntExact(files.count());
        }
    }
}
