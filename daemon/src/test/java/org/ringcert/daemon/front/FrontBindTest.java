package org.ringcert.daemon.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.ringcert.daemon.front.FrontFixture.HELD;
import static org.ringcert.daemon.front.FrontFixture.SLOW;
import static org.ringcert.daemon.front.FrontFixture.anyPort;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ringcert.daemon.front.FrontService.OtherHosts;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;

/** Starting to listen, and closing. */
@Timeout(120)
class FrontBindTest {

    private static final String HOST = " HTTP/1.1\r\nHost: www.example.org\r\n\r\n";

    @Test
    void servesIpv4AndIpv6WithOneSocket() throws IOException {
        assumeTrue(hasIpv6(), "skipped: this machine has no IPv6 on its loopback interface");
        try (Front front = start(List.of(new InetSocketAddress("::", 0)))) {
            int port = front.addresses().getFirst().getPort();
            for (String address : List.of("127.0.0.1", "::1")) {
                try (RawClient client = new RawClient(new InetSocketAddress(address, port))) {
                    assertThat(client.send("GET " + HELD.path() + HOST).read().status())
                            .as(address)
                            .isEqualTo("HTTP/1.1 200 OK");
                }
            }
        }
    }

    @Test
    void usesOneSocketForBothWildcardsOfAPort() {
        InetSocketAddress ipv4 = new InetSocketAddress("0.0.0.0", 80);
        InetSocketAddress ipv6 = new InetSocketAddress("::", 80);
        InetSocketAddress other = new InetSocketAddress("0.0.0.0", 8080);

        assertThat(BindAddresses.withoutRedundant(List.of(ipv4, ipv6, other))).containsExactly(ipv6, other);
        assertThat(BindAddresses.withoutRedundant(List.of(ipv4, other))).containsExactly(ipv4, other);
    }

    @Test
    void listensOnSeveralAddressesInTheirOrder() throws IOException {
        try (Front front = start(List.of(anyPort(), anyPort()))) {
            assertThat(front.addresses()).hasSize(2).doesNotHaveDuplicates();
            for (InetSocketAddress address : front.addresses()) {
                try (RawClient client = new RawClient(address)) {
                    assertThat(client.send("GET /x" + HOST).read().status()).contains("301");
                }
            }
        }
    }

    @Test
    void namesTheProcessThatUsesThePort() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "skipped: only Linux tells which process uses a port");
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PortOwner.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            int port = Integer.parseInt(owner.inputReader().readLine());

            assertThatExceptionOfType(ListenException.class)
                    .isThrownBy(() -> start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))))
                    .withMessageContaining("127.0.0.1:" + port + ": java (pid " + owner.pid() + ") uses port " + port)
                    .withMessageContaining("`ringcert web apache|nginx|haproxy`");
        } finally {
            owner.destroy();
            owner.waitFor();
        }
    }

    @Test
    void doesNotGuessWhichProcessUsesThePort() {
        assertThat(BindAddresses.portTaken(new InetSocketAddress("0.0.0.0", 80), Optional.empty()))
                .startsWith("another program uses port 80. ");
    }

    @Test
    void listensOnAllAddressesOrNone() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress first = new InetSocketAddress(InetAddress.getLoopbackAddress(), free);
            InetSocketAddress second = new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());

            assertThatExceptionOfType(ListenException.class)
                    .isThrownBy(() -> start(List.of(first, second)))
                    .withMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .satisfies(e -> assertThat(e.address()).isEqualTo(second))
                    .withCauseInstanceOf(BindException.class);
            new ServerSocket(free, 1, InetAddress.getLoopbackAddress()).close();
        }
    }

    @Test
    void suggestsAnIpv4AddressWithoutIpv6() {
        ListenException failure = BindAddresses.failure(
                new InetSocketAddress("::", 80), new SocketException("Protocol family unavailable"));
        assertThat(failure).hasMessageContaining("Protocol family unavailable").hasMessageContaining("0.0.0.0:80");
    }

    @Test
    void namesTheMissingCapability() {
        assertThat(BindAddresses.failure(new InetSocketAddress("0.0.0.0", 80), new BindException("Permission denied")))
                .hasMessageContaining("cannot listen on 0.0.0.0:80: ")
                .hasMessageContaining("CAP_NET_BIND_SERVICE");
    }

    @Test
    void completesPendingAnswersBeforeItCloses() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        Front front = FrontFixture.start(FrontLimits.standard(), request -> {
            asked.countDown();
            await(mayAnswer);
            return FrontFixture.held(request);
        });
        try (RawClient client = new RawClient(front);
                RawClient idle = new RawClient(front)) {
            client.send("GET " + SLOW.path() + HOST);
            idle.send("GET /x" + HOST).read();
            asked.await();
            Thread closing = Thread.ofVirtual().start(front::close);
            assertThat(idle.isClosed()).isTrue();
            mayAnswer.countDown();

            RawResponse reply = client.read();
            assertThat(reply.body()).startsWith(SLOW.value());
            assertThat(reply.has("Connection: close")).isTrue();
            assertThat(client.isClosed()).isTrue();
            closing.join();
        }
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> new RawClient(front));
    }

    @Test
    void closesEvenIfAnAnswerHangs() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Function<ChallengeRequest, Answer> hanging = request -> {
            asked.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return new Answer.NotFound();
        };
        Front front = FrontFixture.start(FrontFixture.limits().build(), hanging);
        try (RawClient waiting = new RawClient(front);
                RawClient unfinished = new RawClient(front)) {
            waiting.send("GET " + SLOW.path() + HOST);
            unfinished.send("GET /x HTTP/1.1\r\n");
            asked.await();
            Thread closing = Thread.ofVirtual().start(front::close);

            assertThat(closing.join(Duration.ofMinutes(1))).isTrue();
            assertThat(waiting.isClosed()).isTrue();
            assertThat(unfinished.isClosed()).isTrue();
            interrupted.await();
        }
        front.close();
    }

    private static Front start(List<InetSocketAddress> listen) throws ListenException {
        return Front.start(
                listen,
                FrontFixture.service(OtherHosts.NOT_FOUND),
                FrontLimits.standard(),
                FrontListener.NONE,
                Clock.systemUTC());
    }

    private static boolean hasIpv6() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Another program that listens on a port, which it prints, until it is killed. */
    static final class PortOwner {
        private PortOwner() {}

        public static void main(String[] args) throws Exception {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                System.out.println(socket.getLocalPort());
                new CountDownLatch(1).await();
            }
        }
    }
}
