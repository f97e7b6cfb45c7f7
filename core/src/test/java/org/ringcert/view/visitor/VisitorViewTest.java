package org.ringcert.view.visitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.ringcert.view.visitor.VisitorLab.BARE;
import static org.ringcert.view.visitor.VisitorLab.NOW;
import static org.ringcert.view.visitor.VisitorLab.PEER;
import static org.ringcert.view.visitor.VisitorLab.SELF;
import static org.ringcert.view.visitor.VisitorLab.SITE;
import static org.ringcert.view.visitor.VisitorLab.WWW;
import static org.ringcert.view.visitor.VisitorLab.ago;
import static org.ringcert.view.visitor.VisitorLab.in;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.pki.SerialNumber;
import org.ringcert.view.visitor.Flaw.Kind;
import org.ringcert.view.visitor.Flaw.Severity;
import org.ringcert.view.visitor.TlsServer.Identity;

/** Tests each flaw of a server's own certificate over real connections. */
@Timeout(60)
class VisitorViewTest {

    private final VisitorLab lab = new VisitorLab();

    private static void assertFlaws(Cell cell, Kind... kinds) {
        assertThat(cell.flaws()).as("%s", cell).extracting(Flaw::kind).containsExactly(kinds);
    }

    private static Flaw onlyFlaw(Cell cell, Kind kind) {
        assertFlaws(cell, kind);
        return cell.flaws().getFirst();
    }

    @Test
    void seesAGoodCertificate() throws Exception {
        X509Certificate leaf = lab.leaf();

        Cell cell = lab.lookAt(leaf, lab.intermediate.certificate());

        assertThat(cell)
                .isEqualTo(new Cell(
                        new CellKey(WWW, Optional.empty(), PEER),
                        Optional.of(
                                new ServedCertificate(SerialNumber.of(leaf), "Example Intermediate", ago(10), in(80))),
                        List.of(),
                        NOW));
        assertThat(cell.worst()).isEmpty();
    }

    @Test
    void findsASelfSignedCertificate() throws Exception {
        Cell placeholder = lab.lookAt(SelfSignedCertificate.create(lab.key, SITE.names(), ago(1), in(1)));
        assertThat(onlyFlaw(placeholder, Kind.SELF_SIGNED).remedy()).contains("before the first order");

        Cell other = lab.lookAt(
                SelfSignedCertificate.create(lab.key, List.of(new HostName("debian.example.net")), ago(1), in(1)));
        assertFlaws(other, Kind.SELF_SIGNED, Kind.WRONG_NAME);
        assertThat(other.flaws().getFirst().remedy()).contains("not the store's");
    }

    @Test
    void findsAnExpiredCertificate() throws Exception {
        Cell cell = lab.lookAt(lab.leaf(ago(90), ago(3)), lab.intermediate.certificate());

        assertThat(onlyFlaw(cell, Kind.EXPIRED).text()).isEqualTo("the certificate expired 3 days ago");
        assertThat(cell.worst()).contains(Severity.FAILURE);
        assertThat(cell.certificate()).isPresent();
    }

    @Test
    void findsACertificateThatIsNotYetValid() throws Exception {
        assertThat(onlyFlaw(lab.lookAt(lab.leaf(in(2), in(90)), lab.intermediate.certificate()), Kind.NOT_YET_VALID)
                        .text())
                .isEqualTo("the certificate is not valid until 2 days from now");
    }

    @Test
    void allNamesOfTheSiteMustBeInTheCertificate() throws Exception {
        Flaw flaw = onlyFlaw(lab.lookAt(lab.leafFor(WWW), lab.intermediate.certificate()), Kind.WRONG_NAME);
        assertThat(flaw.text()).isEqualTo("the certificate is not for example.org");
        assertThat(flaw.remedy()).contains("with all names");

        flaw = onlyFlaw(
                lab.lookAt(lab.leafFor(new HostName("other.example.net")), lab.intermediate.certificate()),
                Kind.WRONG_NAME);
        assertThat(flaw.text()).isEqualTo("the certificate is not for www.example.org, example.org");
        assertThat(flaw.remedy()).contains("virtual host");
    }

    @Test
    void aWildcardCoversNames() throws Exception {
        X509Certificate wildcard =
                lab.intermediate.leaf(lab.key.getPublic(), ago(10), in(80), "*.example.org", "example.org");

        assertFlaws(lab.lookAt(wildcard, lab.intermediate.certificate()));
    }

    @Test
    void findsACertificateThatShouldHaveBeenRenewed() throws Exception {
        Flaw flaw = onlyFlaw(lab.lookAt(lab.leaf(ago(76), in(14)), lab.intermediate.certificate()), Kind.EXPIRES_SOON);
        assertThat(flaw.text()).isEqualTo("the certificate expires in 14 days");
        assertThat(flaw.severity()).isEqualTo(Severity.WARNING);

        assertFlaws(lab.lookAt(lab.leaf(ago(74), in(16)), lab.intermediate.certificate()));
    }

    @Test
    void thisNodeMustServeTheCertificateOnItsDisk() throws Exception {
        X509Certificate served = lab.leaf(ago(10), in(80));
        X509Certificate newer = lab.leaf(ago(1), in(89));
        lab.onDisk = List.of(newer, lab.intermediate.certificate());
        lab.node = SELF;

        Flaw flaw = onlyFlaw(lab.lookAt(served, lab.intermediate.certificate()), Kind.OLDER_THAN_ON_DISK);
        assertThat(flaw.text()).contains(SerialNumber.of(newer));
        assertThat(flaw.severity()).isEqualTo(Severity.WARNING);
        assertFlaws(lab.lookAt(newer, lab.intermediate.certificate()));
        assertFlaws(lab.lookAt(lab.leaf(ago(1), in(80)), lab.intermediate.certificate()));

        lab.onDisk = List.of(SelfSignedCertificate.create(lab.key, SITE.names(), ago(1), in(1)));
        assertFlaws(lab.lookAt(served, lab.intermediate.certificate()));

        lab.onDisk = List.of(newer, lab.intermediate.certificate());
        lab.node = PEER;
        assertFlaws(lab.lookAt(served, lab.intermediate.certificate()));
    }

    @Test
    void saysWhyThereIsNoConnection() throws Exception {
        int unused;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = closed.getLocalPort();
        }
        Cell cell = lab.look(unused);
        assertThat(onlyFlaw(cell, Kind.REFUSED).remedy()).contains("127.0.0.1:" + unused);
        assertThat(cell.certificate()).isEmpty();

        lab.host = "server.invalid";
        assertThat(onlyFlaw(lab.look(unused), Kind.UNREACHABLE).text()).contains("no address is known");
    }

    @Test
    void aServerWithoutTheKeyFailsTheHandshake() throws Exception {
        KeyPair other = KeyType.EC256.generate(new SecureRandom());
        Cell cell = lab.lookAt(new Identity(List.of(lab.leaf(), lab.intermediate.certificate()), other));

        assertThat(onlyFlaw(cell, Kind.HANDSHAKE_FAILED).text()).contains("after the certificate");
        assertThat(cell.certificate()).isPresent();
    }

    @Test
    void looksForEachKindOfKey() throws Exception {
        KeyPair rsaKey = KeyType.RSA2048.generate(new SecureRandom());
        X509Certificate rsa = lab.intermediate.leaf(rsaKey.getPublic(), SITE.names(), ago(10), in(80));
        Identity ec = new Identity(List.of(lab.leaf(), lab.intermediate.certificate()), lab.key);
        Identity both = new Identity(List.of(rsa, lab.intermediate.certificate()), rsaKey);

        for (KeyAlgorithm kind : KeyAlgorithm.values()) {
            lab.kind = Optional.of(kind);
            Cell cell = lab.lookAt(ec, both);
            assertFlaws(cell);
            assertThat(cell.key().kind()).contains(kind);
        }
        lab.kind = Optional.of(KeyAlgorithm.RSA);
        Cell missing = lab.lookAt(ec);
        assertThat(onlyFlaw(missing, Kind.KIND_MISSING).text())
                .isEqualTo("visitors who accept only RSA keys get no certificate");
        assertThat(missing.certificate()).isEmpty();
    }

    @Test
    void triesTheAddressesOfAServerUntilOnePresentsACertificate() throws Exception {
        Identity good = new Identity(List.of(lab.leaf(), lab.intermediate.certificate()), lab.key);
        Identity expired = new Identity(List.of(lab.leaf(ago(90), ago(3))), lab.key);
        int closedPort = closedPort();
        try (TlsServer first = TlsServer.start(good);
                TlsServer second = TlsServer.start(expired)) {
            lab.addresses = (_, _, _) -> Stream.of(closedPort, first.port(), second.port())
                    .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .toList();
            assertFlaws(lab.look(0));
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void theWorstFlawComesFirst() throws Exception {
        lab.trusted = List.of();
        lab.standing = CaStanding.PRIVATE;
        X509Certificate leaf = lab.intermediate.leaf(lab.key.getPublic(), List.of(BARE), ago(90), ago(1));

        assertThat(lab.lookAt(leaf, lab.intermediate.certificate()).flaws())
                .extracting(Flaw::kind, Flaw::severity)
                .containsExactly(
                        tuple(Kind.EXPIRED, Severity.FAILURE),
                        tuple(Kind.WRONG_NAME, Severity.FAILURE),
                        tuple(Kind.ROOT_NOT_TRUSTED, Severity.WARNING));
    }
}
