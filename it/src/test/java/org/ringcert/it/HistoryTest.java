package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.store.CertificateName;
import org.ringcert.store.HistoryEvent;
import org.ringcert.store.HistoryEventType;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** The history of a site that daemons and commands write, with a real CA. */
@UsesPebble
@Timeout(300)
class HistoryTest {

    private static final HostName WWW = new HostName("www.example.org");
    private static final int NOBODY = 65_534;

    @TempDir
    private Path folder;

    private static List<HistoryEvent> history(Testbed testbed, int node) throws StoreException {
        return Store.open(testbed.cluster().store(node), Clock.systemUTC())
                .history()
                .read(WWW);
    }

    private static List<HistoryEventType> types(Testbed testbed, int node) throws StoreException {
        return history(testbed, node).stream().map(HistoryEvent::type).toList();
    }

    @Test
    void hasAnOrderWithTheWayOfTheCaFromServerToServer() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 2, "www.example.org")) {
            List<ChildProcess> daemons = testbed.startAllDaemons();
            daemons.get(1).awaitLine(line -> line.contains("www.example.org: renewed, "), Testbed.TIMEOUT);

            assertThat(types(testbed, 1))
                    .containsExactly(
                            HistoryEventType.ORDERED,
                            HistoryEventType.VALIDATED,
                            HistoryEventType.INSTALLED,
                            HistoryEventType.DEPLOYED);
            List<HistoryEvent> events = history(testbed, 1);
            assertThat(events.getFirst().text()).startsWith("https://").contains("/my-order/");
            HistoryEvent validated = events.get(1);
            assertThat(validated.host()).contains(WWW);
            assertThat(validated.hops()).as("%s", validated.hops()).hasSizeGreaterThanOrEqualTo(1);
            assertThat(validated.hops().getLast())
                    .satisfies(hop -> assertThat(hop.url() + hop.answer())
                            .containsAnyOf("http://web1.example.org", "http://www.example.org", "held"));
            assertThat(events.get(2).issued()).isPresent();

            assertThat(testbed.runCommand(1, 0, "revoke", "www.example.org", "--reason", "superseded", "--yes"))
                    .isNotEmpty();
            assertThat(types(testbed, 1)).contains(HistoryEventType.REVOKED);
        }
    }

    @Test
    void aFailedValidationHasTheWordsOfTheCa() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 1, "www.example.org")) {
            testbed.ca().setAddress(WWW, InetAddress.ofLiteral("127.80.0.254"));
            testbed.editConfiguration(text -> text.replace("[check]\n", "[check]\nbefore-order = \"off\"\n"));
            testbed.runCommand(0, 1, "renew", "--force");

            assertThat(history(testbed, 0))
                    .filteredOn(event -> event.type() == HistoryEventType.VALIDATION_FAILED)
                    .singleElement()
                    .satisfies(event -> assertThat(event.text()).contains("connect"));
            assertThat(types(testbed, 0)).endsWith(HistoryEventType.FAILED).doesNotContain(HistoryEventType.INSTALLED);
        }
    }

    @Test
    void filesOfACommandOfRootBelongToTheOwnerOfTheStore() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can act for another user");
        try (Testbed testbed = Testbed.start(folder, 1, "www.example.org")) {
            testbed.runCommand(0, 0, "renew", "--force");
            Path store = testbed.cluster().store(0);
            try (Stream<Path> files = Files.walk(store)) {
                for (Path each : files.toList()) {
                    Files.setAttribute(each, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
                    Files.setAttribute(each, "unix:gid", NOBODY, LinkOption.NOFOLLOW_LINKS);
                }
            }
            Path directory = store.resolve("history");
            try (Stream<Path> files = Files.list(directory)) {
                for (Path each : files.toList()) {
                    Files.delete(each);
                }
            }
            Files.delete(directory);
            testbed.runCommand(0, 0, "renew", "--force");

            assertThat(types(testbed, 0)).contains(HistoryEventType.ORDERED, HistoryEventType.INSTALLED);
            try (Stream<Path> files = Files.walk(directory)) {
                assertThat(files).hasSizeGreaterThanOrEqualTo(2).allSatisfy(HistoryTest::assertOwned);
            }
        }
    }

    private static void assertOwned(Path file) throws IOException {
        assertThat(Files.getAttribute(file, "unix:uid")).as("%s", file).isEqualTo(NOBODY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .as("%s", file)
                .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
    }

    @Test
    void twoProcessesThatAppendAtTheSameTimeLoseNothing() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 1, "www.example.org")) {
            Store store = Store.open(testbed.cluster().store(0), Clock.systemUTC());
            ChildProcess renew =
                    testbed.cluster().command(0, folder.resolve("renew"), "renew", "--force", "www.example.org");
            Path file = store.directory().resolve("history").resolve("www.example.org.jsonl");
            await("the order").atMost(Testbed.TIMEOUT).until(() -> Files.exists(file) || !renew.isAlive());
            int own = 0;
            // So few that the file is not shortened.
            while (renew.isAlive() && own < 600) {
                store.history().append(event("event " + own));
                own++;
            }
            assertThat(renew.awaitExit(Testbed.TIMEOUT)).as(renew.output()).isZero();
            String text = Files.readString(file);
            assertThat(text.lines()).hasSize(own + 4);
            assertThat(text).contains("\"ordered\"", "\"validated\"", "\"installed\"", "\"deployed\"");
            for (int i = 0; i < own; i++) {
                assertThat(text).contains("\"event " + i + "\"");
            }
        }
    }

    private static HistoryEvent event(String text) {
        return new HistoryEvent(
                Instant.parse("2026-01-01T00:00:00Z"),
                CertificateName.first(WWW),
                HistoryEventType.POSTPONED,
                Optional.empty(),
                Optional.empty(),
                text,
                List.of(),
                Optional.empty());
    }

    @Test
    void aHistoryThatCannotBeWrittenDisturbsNoOrder() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 1, "www.example.org")) {
            testbed.runCommand(0, 0, "renew", "--force");
            Path directory = testbed.cluster().store(0).resolve("history");
            // Root may write wherever it wants, but not into a full file system.
            boolean isMounted =
                    new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=4k,mode=700", "tmpfs", directory.toString())
                                    .start()
                                    .waitFor()
                            == 0;
            assumeTrue(isMounted, "file systems cannot be mounted here");
            try {
                Files.write(directory.resolve("fill"), new byte[4096]);
                assertThat(testbed.runCommand(0, 0, "renew", "--force"))
                        .contains("www.example.org: renewed, ")
                        .containsOnlyOnce("is not written to the history, which changes nothing else");
            } finally {
                assertThat(new ProcessBuilder("umount", directory.toString())
                                .start()
                                .waitFor())
                        .isZero();
            }
            testbed.runCommand(0, 0, "renew", "--force");
            assertThat(types(testbed, 0))
                    .filteredOn(HistoryEventType.INSTALLED::equals)
                    .hasSize(2);
        }
    }
}
