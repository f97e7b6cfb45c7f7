package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.demo.TestCa;
import org.ringcert.store.AuthorityProgress;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Postponement;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** Before each order, a node looks as a CA does. */
@UsesPebble
class LookBeforeOrderTest {

    private static final HostName WWW = new HostName("www.example.org");
    private static final CertificateName NAME = CertificateName.first(WWW);
    private static final InetAddress NOBODY = InetAddress.ofLiteral("127.80.0.254");
    private static final String WAITS = WWW + ": waits with its order, because validation would fail";

    @TempDir
    private Path folder;

    /** Complaint 10 of users of other tools: nothing is checked before the CA's limits are spent. */
    @Test
    void complaint10NothingIsSpentAtTheCaForASiteThatLeadsNowhere() throws Exception {
        try (Testbed testbed = start(1, "postpone");
                CaProxy proxy = CaProxy.start(testbed.ca(), folder)) {
            proxy.replaceCaOf(testbed);
            testbed.ca().setAddress(WWW, NOBODY);
            ChildProcess daemon = testbed.startDaemon(0);

            String line = daemon.awaitLine(text -> text.contains(WAITS), Testbed.TIMEOUT);

            assertThat(line)
                    .contains(WWW + ": " + NOBODY.getHostAddress() + " ")
                    .containsOnlyOnce("(ringcert renew");
            assertThat(testbed.runCommand(0, 1, "status")).contains(WAITS, NOBODY.getHostAddress());
            assertThat(testbed.runCommand(0, 1, "renew")).contains(WAITS, "the next run looks again");
            assertThat(testbed.runCommand(0, 0, "renew", "--dry-run"))
                    .contains("would be ordered", "if a look before it succeeds", "The last look, at");
            assertThat(orders(proxy)).isEmpty();
            assertThat(postponement(testbed).orderAt())
                    .isEqualTo(roundedUp(postponement(testbed).since()).plus(Postponement.MAX_TIME));
            Instant since = postponement(testbed).since();

            daemon.kill();
            makeNextLookDue(testbed);
            ChildProcess again = testbed.startDaemon(0);
            again.awaitLine(text -> text.contains(WAITS), Testbed.TIMEOUT);
            assertThat(postponement(testbed).since()).as("kept by the store").isEqualTo(since);
            assertThat(postponement(testbed).looks())
                    .as("two by the daemon, one by the command")
                    .isEqualTo(3);
            assertThat(orders(proxy)).isEmpty();

            again.kill();
            testbed.cluster().move(0, 0);
            makeNextLookDue(testbed);
            testbed.startDaemon(0);
            Certificates.await(testbed, 0, 0);
            assertThat(orders(proxy)).isNotEmpty();
            assertThat(testbed.runCommand(0, 0, "status")).doesNotContain("waits");
        }
    }

    @Test
    void aReloadEndsTheWait() throws Exception {
        try (Testbed testbed = start(1, "postpone")) {
            testbed.ca().setAddress(WWW, NOBODY);
            ChildProcess daemon = testbed.startDaemon(0);
            daemon.awaitLine(text -> text.contains(WAITS), Testbed.TIMEOUT);
            testbed.cluster().move(0, 0);

            testbed.editConfiguration(text -> text.replace("\"postpone\"", "\"warn\""));
            daemon.signal("HUP");

            daemon.awaitLine(
                    text -> text.contains("`before-order` in [check] changed from postpone to warn"), Testbed.TIMEOUT);
            Certificates.await(testbed, 0, 0);
            assertThat(daemon.output()).doesNotContain("Validation");
        }
    }

    @Test
    void renewLooksAgainAtOnceAfterTheSiteWasMended() throws Exception {
        try (Testbed testbed = start(1, "postpone")) {
            testbed.ca().setAddress(WWW, NOBODY);
            assertThat(testbed.runCommand(0, 1, "renew")).contains(WAITS);
            testbed.cluster().move(0, 0);

            assertThat(testbed.runCommand(0, 0, "renew", WWW.value())).contains(WWW + ": renewed");
        }
    }

    @Test
    void renewOrdersAtOnceAfterTheLooksWereTurnedOff() throws Exception {
        try (Testbed testbed = start(1, "postpone");
                TestCa otherView = otherView(NOBODY)) {
            resolveWith(testbed, otherView.dnsPort());
            assertThat(testbed.runCommand(0, 1, "renew")).contains(WAITS);

            testbed.editConfiguration(text -> text.replace("\"postpone\"", "\"off\""));

            assertThat(testbed.runCommand(0, 0, "renew"))
                    .contains(WWW + ": renewed")
                    .doesNotContain("Validation");
        }
    }

    @Test
    void anOrderIsMadeInAnyCaseWhenTheTimeIsOver() throws Exception {
        try (Testbed testbed = start(1, "postpone");
                TestCa otherView = otherView(NOBODY)) {
            resolveWith(testbed, otherView.dnsPort());
            assertThat(testbed.runCommand(0, 1, "renew")).contains(WAITS);
            Postponement postponement = postponement(testbed);
            Instant over = Instant.now().minusSeconds(1);
            save(
                    testbed,
                    new Postponement(
                            postponement.since(), 5, postponement.lastLook(), over, over, postponement.reason()));

            String renewed = testbed.runCommand(0, 0, "renew");

            assertThat(renewed)
                    .contains("It is ordered all the same, because it has been postponed since", WWW + ": renewed");
            Certificates.verified(testbed, 0, 0);
        }
    }

    @Test
    void forceOrdersAtOnceAndPrintsTheWarning() throws Exception {
        try (Testbed testbed = start(1, "postpone");
                TestCa otherView = otherView(NOBODY)) {
            resolveWith(testbed, otherView.dnsPort());
            assertThat(testbed.runCommand(0, 1, "renew")).contains(WAITS);

            assertThat(testbed.runCommand(0, 0, "renew", "--force"))
                    .contains(NOBODY.getHostAddress(), "It is ordered all the same, as requested", WWW + ": renewed");
        }
    }

    @Test
    void aServerThatDoesNotSeeItselfOrdersAtOnceIfAPeerSeesIt() throws Exception {
        try (Testbed testbed = start(2, "postpone");
                TestCa otherView = otherView(NOBODY)) {
            testbed.startDaemon(1);
            resolveWith(testbed, otherView.dnsPort());

            ChildProcess behindNat = testbed.startDaemon(0);

            Certificates.await(testbed, 0, 0);
            assertThat(behindNat.output())
                    .doesNotContain("waits with its order")
                    .doesNotContain("Validation");
        }
    }

    @Test
    void aPeerThatSeesTheSameDoesNotHelp() throws Exception {
        try (Testbed testbed = start(2, "postpone")) {
            testbed.ca().setAddress(WWW, NOBODY);
            List<ChildProcess> daemons = testbed.startAllDaemons();
            for (ChildProcess daemon : daemons) {
                daemon.awaitLine(text -> text.contains(WAITS), Testbed.TIMEOUT);
            }
        }
    }

    @Test
    void byDefaultACaByUrlIsAskedAllTheSameAndTheReasonIsLogged() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 1, WWW.value());
                CaProxy proxy = CaProxy.start(testbed.ca(), folder)) {
            proxy.replaceCaOf(testbed);
            testbed.ca().setAddress(WWW, NOBODY);

            String renewed = testbed.runCommand(0, 1, "renew");

            assertThat(renewed)
                    .contains(
                            "Validation will probably fail. " + WWW + ": " + NOBODY.getHostAddress(),
                            "`before-order` in [check] is \"warn\"",
                            WWW + ": failed, next try");
            assertThat(orders(proxy)).isNotEmpty();
        }
    }

    @Test
    void nothingIsSeenOrSaidIfLooksAreOff() throws Exception {
        try (Testbed testbed = start(1, "off")) {
            testbed.ca().setAddress(WWW, NOBODY);

            assertThat(testbed.runCommand(0, 1, "renew")).contains(WWW + ": failed, next try");
            assertThat(Files.readString(folder.resolve("output-1"))).doesNotContain("Validation");
        }
    }

    private Testbed start(int nodes, String beforeOrder) throws IOException {
        Testbed testbed = Testbed.start(folder, PebbleRelease.INSTALLED, UnaryOperator.identity(), nodes, WWW.value());
        testbed.editConfiguration(
                text -> text.replace("[check]\n", "[check]\nbefore-order = \"" + beforeOrder + "\"\n"));
        return testbed;
    }

    /** Starts a CA whose DNS server alone is used. There the site leads to this address. */
    private static TestCa otherView(InetAddress address) throws IOException {
        TestCa other = TestCa.start(PebbleRelease.INSTALLED.binaries(), PebbleOptions.on(List.of(address)));
        other.setAddress(WWW, address);
        return other;
    }

    /** Lets nodes that start from now on ask this DNS server. */
    private static void resolveWith(Testbed testbed, int port) throws IOException {
        testbed.editConfiguration(
                text -> text.replaceFirst("resolver = \"[^\"]+\"", "resolver = \"127.0.0.1:" + port + "\""));
    }

    private static List<String> orders(CaProxy proxy) {
        return proxy.requests().stream()
                .filter(request -> request.contains("/order-plz"))
                .toList();
    }

    private static Store store(Testbed testbed) throws StoreException {
        return Store.open(testbed.cluster().store(0), Clock.systemUTC());
    }

    private static AuthorityProgress progress(Testbed testbed) throws StoreException {
        return store(testbed).progress(NAME).authorities().getFirst();
    }

    private static Postponement postponement(Testbed testbed) throws StoreException {
        return progress(testbed).postponement().orElseThrow();
    }

    private static void makeNextLookDue(Testbed testbed) throws StoreException {
        Postponement now = postponement(testbed);
        save(
                testbed,
                new Postponement(
                        now.since(), now.looks(), now.lastLook(), now.lastLook(), now.orderAt(), now.reason()));
    }

    private static void save(Testbed testbed, Postponement postponement) throws StoreException {
        store(testbed)
                .saveProgress(NAME, Progress.NONE.with(progress(testbed).withPostponement(Optional.of(postponement))));
    }

    private static Instant roundedUp(Instant time) {
        Instant second = time.truncatedTo(ChronoUnit.SECONDS);
        return second.equals(time) ? time : second.plusSeconds(1);
    }
}
