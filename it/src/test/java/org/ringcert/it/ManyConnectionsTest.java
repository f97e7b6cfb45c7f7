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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;

/** More connections than anybody needs, at a daemon in its small heap; whoever asks for something is answered. */
class ManyConnectionsTest {

    private static final int CROWD = 10_000;

    /** Files that this process and the daemon have open besides. */
    private static final int OTHER_FILES = 1_000;

    /** What one address may have at a time, and some that it may not. */
    private static final int FROM_ONE_ADDRESS = 100;

    private static final int MORE = 50;

    @TempDir
    private Path folder;

    @Test
    void tenThousandThatSentHalfARequestAreInNobodysWay() throws Exception {
        long files =
                ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getMaxFileDescriptorCount();
        assumeTrue(
                files >= CROWD + OTHER_FILES,
                "needs " + (CROWD + OTHER_FILES) + " open files for each process, may have " + files + " (ulimit -Hn)");
        List<SocketChannel> crowd = new ArrayList<>();
        try (Testbed testbed =
                Testbed.start(folder, PebbleRelease.INSTALLED, UnaryOperator.identity(), 1, "www.example.org")) {
            ChildProcess daemon = testbed.startDaemon(0);
            assertThat(Files.readString(Path.of("/proc", String.valueOf(daemon.pid()), "cmdline")))
                    .contains("jvm.args");
            assertThat(Files.readString(Path.of("..", "build", "jvm.args"))).contains("-Xmx64m");
            InetSocketAddress door = new InetSocketAddress(
                    testbed.cluster().address(0), testbed.ca().httpPort());
            // those that came first are sent away after a while, so that on a slow machine others must take their place
            await().atMost(Testbed.TIMEOUT).until(() -> {
                crowd.removeIf(ManyConnectionsTest::isSentAway);
                for (int i = 0; i < CROWD / 10; i++) {
                    crowd.add(halfARequest("127.90.0." + (1 + i % 200), door));
                }
                assertAnswers(testbed);
                return open(daemon) >= CROWD;
            });
            assertAnswers(testbed);
            assertThat(open(daemon)).as("all at the same time").isGreaterThanOrEqualTo(CROWD);
            assertThat(daemon.isAlive()).isTrue();
            assertThat(daemon.output()).doesNotContain("OutOfMemory");
        } finally {
            for (SocketChannel each : crowd) {
                each.close();
            }
        }
    }

    /** Loopback addresses are exempt, so the crowd has another of this machine, over which nothing leaves it either. */
    @Test
    void aFloodOfConnectionsFromOneAddressTakesNoMoreThanItsShareAndOthersAreServed() throws Exception {
        Optional<InetAddress> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address.getAddress().length == 4 && !address.isLoopbackAddress())
                .findFirst();
        assumeTrue(own.isPresent(), "needs an IPv4 address of this machine that is no loopback address; there is none");
        List<SocketChannel> crowd = new ArrayList<>();
        try (Testbed testbed =
                Testbed.start(folder, PebbleRelease.INSTALLED, UnaryOperator.identity(), 1, "www.example.org")) {
            InetSocketAddress door =
                    new InetSocketAddress(own.get(), testbed.ca().httpPort());
            testbed.editConfiguration(text -> text.replaceFirst(
                    "listen = \\[(.*)]",
                    "listen = [$1, \"" + own.get().getHostAddress() + ":" + door.getPort() + "\"]"));
            testbed.startDaemon(0);
            for (int i = 0; i < FROM_ONE_ADDRESS; i++) {
                crowd.add(halfARequest(own.get().getHostAddress(), door));
            }
            for (int i = 0; i < MORE; i++) {
                assertThat(isServed(door)).as("one more than its share").isFalse();
            }
            assertAnswers(testbed);

            crowd.removeLast().close();
            await().atMost(Testbed.TIMEOUT).until(() -> isServed(door));
        } finally {
            for (SocketChannel each : crowd) {
                each.close();
            }
        }
    }

    /** Whether a whole request is answered; else its connection is closed at once. */
    private static boolean isServed(InetSocketAddress door) {
        try (Socket socket = new Socket(door.getAddress(), door.getPort())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == 'H';
        } catch (IOException e) {
            return false;
        }
    }

    private static SocketChannel halfARequest(String from, InetSocketAddress door) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        channel.connect(door);
        channel.write(
                ByteBuffer.wrap("GET /half-of-it HTTP/1.1\r\nHost: www.exam".getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    private static boolean isSentAway(SocketChannel channel) {
        ByteBuffer answer = ByteBuffer.allocate(1024);
        try {
            channel.configureBlocking(false);
            while (channel.read(answer.clear()) > 0) {}
            if (channel.read(answer.clear()) == 0) {
                return false;
            }
            channel.close();
            return true;
        } catch (IOException e) {
            return true;
        }
    }

    /** A redirect to https, and a challenge. */
    private static void assertAnswers(Testbed testbed) throws Exception {
        assertThat(NodeResponse.get(testbed, 0, "/").status()).isEqualTo(301);
        assertThat(NodeResponse.getChallenge(testbed, 0, Tokens.unknown()).status())
                .isEqualTo(404);
    }

    private static int open(ChildProcess daemon) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", String.valueOf(daemon.pid()), "fd"))) {
            return Math.toIntExact(files.count());
        }
    }
}
