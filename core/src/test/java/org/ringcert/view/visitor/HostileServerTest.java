package org.ringcert.view.visitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.view.visitor.VisitorLab.NOW;
import static org.ringcert.view.visitor.VisitorLab.SITE;
import static org.ringcert.view.visitor.VisitorLab.ago;
import static org.ringcert.view.visitor.VisitorLab.in;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.RootBundle;
import org.ringcert.pki.TestAuthority;
import org.ringcert.view.visitor.Flaw.Kind;

/** Tests servers that want to harm whoever looks at them. */
@Timeout(60)
class HostileServerTest {

    private final VisitorLab lab = new VisitorLab();

    private interface Behaviour {
        void serve(Socket socket) throws Exception;
    }

    private Cell lookAt(Behaviour behaviour) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                while (!server.isClosed()) {
                    try (Socket socket = server.accept()) {
                        behaviour.serve(socket);
                    } catch (Exception e) {
                        // The view has closed the connection, or the test is over.
                    }
                }
            });
            return lab.look(server.getLocalPort());
        }
    }

    private static Flaw handshakeFlaw(Cell cell) {
        assertThat(cell.flaws()).extracting(Flaw::kind).containsExactly(Kind.HANDSHAKE_FAILED);
        return cell.flaws().getFirst();
    }

    @Test
    void aSilentServerEndsWithTheTimeout() throws Exception {
        lab.timeout = Duration.ofMillis(300);

        assertThat(handshakeFlaw(lookAt(socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream())))
                        .text())
                .isEqualTo("there is no certificate, no answer in time");
    }

    @Test
    void aSlowServerEndsWithTheTimeout() throws Exception {
        lab.timeout = Duration.ofMillis(300);

        assertThat(handshakeFlaw(lookAt(socket -> {
                            socket.getOutputStream().write(new byte[] {22, 3, 3, 64, 0});
                            while (true) {
                                socket.getOutputStream().write(0);
                                Thread.sleep(10);
                            }
                        }))
                        .text())
                .isEqualTo("there is no certificate, no answer in time");
    }

    @Test
    void garbageIsNoHandshake() throws Exception {
        byte[] garbage = "\u001b[2J\u202egarbage\r\n".repeat(2000).getBytes(StandardCharsets.UTF_8);

        Flaw flaw = handshakeFlaw(lookAt(socket -> socket.getOutputStream().write(garbage)));
        assertThat(flaw.text()).hasSizeLessThan(300).matches("[\\x20-\\x7e]*");
        handshakeFlaw(lookAt(Socket::close));
    }

    @Test
    void manyCertificatesAreRefused() throws Exception {
        List<X509Certificate> chain = new ArrayList<>(List.of(lab.leaf()));
        for (int i = 0; i < 50; i++) {
            chain.add(lab.intermediate.certificate());
        }

        handshakeFlaw(lab.lookAt(chain.toArray(X509Certificate[]::new)));
    }

    /** Nine certificates of one name and key lead to each other in hundreds of thousands of ways. */
    @Test
    void theSearchForARootEnds() throws Exception {
        TestAuthority circle = TestAuthority.root("Circle", NOW);
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(circle.leaf(lab.key.getPublic(), SITE.names(), ago(10), in(80)));
        for (int i = 0; i < 9; i++) {
            chain.add(circle.crossSigned(circle, ago(20), in(100 + i)));
        }

        assertThat(lab.lookAt(chain.toArray(X509Certificate[]::new)).flaws())
                .extracting(Flaw::kind)
                .containsExactly(Kind.ROOT_NOT_TRUSTED);
        for (int i = 0; i < 20; i++) {
            chain.add(circle.crossSigned(circle, ago(20), in(200 + i)));
        }
        assertThat(new ChainSearch(RootBundle.of(List.of()), chain, NOW).verdict())
                .isInstanceOf(ChainVerdict.LeadsNowhere.class);
    }

    @Test
    void namesFromOutsideArePrintable() throws Exception {
        TestAuthority evil =
                lab.root.intermediate("\u001b[2J\u202eevil\r\n" + "x".repeat(3000), KeyType.EC256, ago(900), ago(5));
        Cell cell = lab.lookAt(evil.leaf(lab.key.getPublic(), SITE.names(), ago(10), in(80)), evil.certificate());

        assertThat(cell.certificate().orElseThrow().issuer()).hasSizeLessThanOrEqualTo(100);
        assertThat(cell.certificate().orElseThrow().issuer())
                .matches("[\\x20-\\x7e]*")
                .contains("evil");
        assertThat(cell.flaws()).singleElement().satisfies(flaw -> {
            assertThat(flaw.kind()).isEqualTo(Kind.EXPIRED);
            assertThat(flaw.text()).hasSizeLessThan(300).matches("[\\x20-\\x7e]*");
        });
    }
}
