package org.ringcert.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.status.MatrixView;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.ServedCertificate;
import org.ringcert.view.visitor.VisitorTarget;

/** One round of looks at all servers. */
@Timeout(60)
class ClusterLookTest {

    private static final int SITES = 60;
    private static final HostName SELF = new HostName("web0.example.org");
    private static final HostName SILENT = new HostName("web1.example.org");
    private static final Instant SEEN = Instant.parse("2026-11-28T12:00:00Z");

    @TempDir
    private Path folder;

    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger progress = new AtomicInteger();
    private Duration timeout = Duration.ofHours(1);
    private Configuration configuration;

    @BeforeEach
    void configure() throws Exception {
        String nodes = IntStream.range(0, 3)
                .mapToObj("[[node]]\nname = \"web%d.example.org\"\n"::formatted)
                .collect(Collectors.joining());
        String sites = IntStream.range(0, SITES)
                .mapToObj("[[site]]\nnames = [\"site%d.example.org\"]\n"::formatted)
                .collect(Collectors.joining());
        Path file = Files.writeString(
                folder.resolve("ringcert.toml"),
                nodes + sites + "[acme]\ndirectory = \"http://127.0.0.1:1/dir\"\nagree-to-terms = true\n");
        configuration = ConfigurationLoader.load(file);
    }

    private ClusterLook round(Function<VisitorTarget, Cell> look) {
        return new ClusterLook(
                configuration,
                SELF,
                target -> {
                    looks.incrementAndGet();
                    return look.apply(target);
                },
                timeout,
                (done, total) -> {
                    assertThat(total).isEqualTo(3 * SITES);
                    progress.accumulateAndGet(done, Math::max);
                });
    }

    private static Cell good(VisitorTarget target) {
        ServedCertificate certificate = new ServedCertificate("0a", "CA", SEEN, SEEN.plusSeconds(3600));
        return new Cell(target.key(), Optional.of(certificate), List.of(), SEEN);
    }

    private static Cell silent(VisitorTarget target) {
        Flaw flaw = new Flaw(Flaw.Kind.UNREACHABLE, Flaw.Severity.FAILURE, "no connection", "Start it.");
        return new Cell(target.key(), Optional.empty(), List.of(flaw), SEEN);
    }

    @Test
    void looksAtEveryCellOnce() throws Exception {
        MatrixView matrix = round(ClusterLookTest::good).run();
        assertThat(matrix.cells()).hasSize(3 * SITES);
        assertThat(looks).hasValue(3 * SITES);
        assertThat(progress).hasValue(3 * SITES);
        assertThat(matrix.nodes()).hasSize(3);
        assertThat(matrix.rows()).hasSize(SITES);
        assertThat(matrix.self()).isEqualTo(SELF);
    }

    @Test
    void sparesAServerThatGivesNoConnection() throws Exception {
        MatrixView matrix = round(target -> target.node().equals(SILENT) ? silent(target) : good(target))
                .run();
        assertThat(matrix.cells(SILENT))
                .hasSize(SITES)
                .allMatch(cell -> cell.flaws().getFirst().kind() == Flaw.Kind.UNREACHABLE);
        assertThat(matrix.cells(SELF))
                .hasSize(SITES)
                .allMatch(cell -> cell.flaws().isEmpty());
        assertThat(looks.get()).isLessThanOrEqualTo(2 * SITES + 12);
    }

    @Test
    void sparesAServerThatHangsInTheHandshake() throws Exception {
        timeout = Duration.ZERO;
        Flaw flaw = new Flaw(Flaw.Kind.HANDSHAKE_FAILED, Flaw.Severity.FAILURE, "no answer in time", "Start it.");
        MatrixView matrix = round(target -> target.node().equals(SILENT)
                        ? new Cell(target.key(), Optional.empty(), List.of(flaw), SEEN)
                        : good(target))
                .run();
        assertThat(matrix.cells(SILENT))
                .hasSize(SITES)
                .allMatch(cell -> cell.flaws().contains(flaw));
        assertThat(looks.get()).isLessThanOrEqualTo(2 * SITES + 12);
    }

    @Test
    void asksOnIfAServerAnswersNowAndThen() throws Exception {
        AtomicInteger count = new AtomicInteger();
        round(target -> target.node().equals(SILENT) && count.incrementAndGet() % 2 == 0
                        ? silent(target)
                        : good(target))
                .run();
        assertThat(looks).hasValue(3 * SITES);
    }

    @Test
    void endsItsLooksWhenItIsInterrupted() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        ClusterLook round = round(target -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return good(target);
        });
        Thread self = Thread.currentThread();
        Thread.ofVirtual().start(() -> {
            try {
                started.await();
            } catch (InterruptedException e) {
                return;
            }
            self.interrupt();
        });
        assertThatThrownBy(round::run).isInstanceOf(InterruptedException.class);
        interrupted.await();
    }

    @Test
    void reportsAMistakeInALook() {
        assertThatThrownBy(() -> round(target -> {
                            throw new IllegalArgumentException("mistake");
                        })
                        .run())
                .hasRootCauseMessage("mistake");
    }
}
