package org.ringcert.daemon.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.process.CommandRunner;
import org.ringcert.http.HostResolver;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.TestAuthority;
import org.ringcert.plan.WindowPlace;
import org.ringcert.plan.WindowShare;
import org.ringcert.renew.CanarySight;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.view.visitor.CaStanding;
import org.ringcert.view.visitor.ChainTrust;
import org.ringcert.view.visitor.InstalledCertificates;
import org.ringcert.view.visitor.VisitorTarget;
import org.ringcert.view.visitor.VisitorView;

/** What a node says about the canary's certificate and its own, by handshakes with real servers. */
class CertificateTestsTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final URI CA = URI.create("https://ca.example.org/directory");
    private static final HostName WEB0 = new HostName("web0.example.org");
    private static final HostName WEB1 = new HostName("web1.example.org");
    private static final Site SITE = new Site(List.of(new HostName("www.example.org")));
    private static final CertificateSpec SPEC =
            new CertificateSpec(SITE, List.of(new Source(CA, KeyType.EC256, Optional.empty())));

    @TempDir
    private Path folder;

    private final TestAuthority root = TestAuthority.root("Old Root", NOW);
    private final TestAuthority newRoot = TestAuthority.root("New Root", NOW);
    private final KeyPair key = KeyType.EC256.generate(new SecureRandom());
    private final CertificateVersion present = version(leaf(root, 60));
    private List<X509Certificate> trusted = List.of(root.certificate());
    private Set<HostName> leaders = Set.of(WEB0);
    private List<String> command = List.of();
    private Optional<TestServer> server = Optional.empty();

    @AfterEach
    void stop() throws Exception {
        if (server.isPresent()) {
            server.get().close();
        }
    }

    private X509Certificate leaf(TestAuthority issuer, int daysOld) {
        return issuer.leaf(
                key.getPublic(),
                SITE.names(),
                NOW.minus(Duration.ofDays(daysOld)),
                NOW.plus(Duration.ofDays(90 - daysOld)));
    }

    private CertificateVersion version(X509Certificate leaf) {
        return new CertificateVersion(
                SPEC.name(),
                Path.of("unused"),
                List.of(leaf),
                new Origin.IssuedByCa(CA, Optional.empty(), Optional.empty(), SITE.names(), Optional.empty()));
    }

    /** Makes both nodes' https present this. */
    private void serve(X509Certificate leaf) throws Exception {
        server = Optional.of(TestServer.start(key, List.of(leaf)));
    }

    private CertificateTests tests(HostName self) {
        int port = server.map(TestServer::port).orElse(1);
        return new CertificateTests(
                self,
                List.of(WEB0, WEB1),
                List.of(
                        new VisitorTarget(SITE, Optional.empty(), WEB0, "127.0.0.1", port),
                        new VisitorTarget(SITE, Optional.empty(), WEB1, "127.0.0.1", port)),
                _ -> leaders,
                new VisitorView(
                        self,
                        new HostResolver(),
                        CLOCK,
                        ChainTrust.of(trusted),
                        CaStanding.PUBLIC,
                        InstalledCertificates.NONE,
                        Duration.ofSeconds(60)),
                () -> ChainTrust.of(trusted),
                command,
                new CommandRunner("The [check] canary command", folder, Duration.ofMinutes(1)),
                CLOCK);
    }

    private CanarySight look() {
        return tests(WEB0).look(SPEC, present);
    }

    @Test
    void knowsWhoIsTheCanaryByWhereTheNamesLead() {
        assertThat(tests(WEB0).place(SPEC)).isEqualTo(new WindowPlace(WindowShare.REST, 0.5));
        assertThat(tests(WEB1).place(SPEC).share()).isEqualTo(WindowShare.FIRST_QUARTER);
        assertThat(tests(WEB1).look(SPEC, present)).isEqualTo(new CanarySight.IsCanary());
        leaders = Set.of(WEB1);
        assertThat(tests(WEB0).place(SPEC).share()).isEqualTo(WindowShare.FIRST_QUARTER);
    }

    @Test
    void seesNothingAtAClosedPortOrOfAnOlderCertificate() throws Exception {
        assertThat(look()).isEqualTo(new CanarySight.NothingNew());
        serve(leaf(root, 70));
        assertThat(look()).isEqualTo(new CanarySight.NothingNew());
    }

    @Test
    void aNewerCertificateOfTheSameRootIsGood() throws Exception {
        serve(leaf(root, 1));

        assertThat(look()).isEqualTo(new CanarySight.Good(WEB1));
    }

    @Test
    void anotherRootIsBadUntilItIsTrusted() throws Exception {
        serve(leaf(newRoot, 1));
        assertThat(look()).isInstanceOfSatisfying(CanarySight.Bad.class, bad -> {
            assertThat(bad.canary()).isEqualTo(WEB1);
            assertThat(bad.reason()).contains("New Root");
        });

        trusted = List.of(root.certificate(), newRoot.certificate());

        assertThat(look()).isEqualTo(new CanarySight.Good(WEB1));
    }

    @Test
    void theCommandIsToldWhereTheCertificateIsPresented() throws Exception {
        serve(leaf(root, 1));
        command = List.of("sh", "-c", "echo $RINGCERT_NODE at $RINGCERT_ADDRESS; exit 1");

        assertThat(look())
                .isEqualTo(new CanarySight.Bad(
                        WEB1,
                        "the [check] canary command refuses it: " + WEB1 + " at 127.0.0.1:"
                                + server.orElseThrow().port()));
    }

    @Test
    void aNodesOwnCertificateIsTestedInTheSameWay() {
        CertificateTests tests = tests(WEB0);

        assertThat(tests.test(SPEC, key, List.of(leaf(root, 1)), present)).isEmpty();
        assertThat(tests.test(SPEC, key, List.of(leaf(newRoot, 1)), present))
                .hasValueSatisfying(reason -> assertThat(reason).contains("New Root"));
    }

    @Test
    void theCommandReachesANodesOwnCertificateBeforeItIsInstalled() {
        command = List.of("bash", "-c", "exec 3<>/dev/tcp/${RINGCERT_ADDRESS/:/\\/} && echo $RINGCERT_NODE; exit 1");

        assertThat(tests(WEB0).test(SPEC, key, List.of(leaf(root, 1)), present))
                .contains("the [check] canary command refuses it: " + WEB0);
    }

    @Test
    void theCanaryTestsItsOwnOnlyIfItPresentsIt() throws Exception {
        CertificateVersion renewed = version(leaf(newRoot, 1));
        serve(renewed.leaf());

        assertThat(tests(WEB1).testServed(SPEC, renewed, present)).isPresent();
        assertThat(tests(WEB0).testServed(SPEC, renewed, present))
                .as("not the canary")
                .isEmpty();
        assertThat(tests(WEB1).testServed(SPEC, version(leaf(newRoot, 2)), present))
                .as("another one is presented")
                .isEmpty();
    }
}
