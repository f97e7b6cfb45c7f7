package org.ringcert.it.cas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.NodeProcess;
import org.ringcert.demo.Programs;
import org.ringcert.it.cas.CaReport.Outcome;
import org.ringcert.it.cas.CaReport.Status;

/**
 * Two nodes and a real CA, for each CA of {@link CaPrograms}, or those that the system property {@code ringcert.cas}
 * names. Only {@code ./test cas} runs it. It writes what it finds into {@code docs/cas.md}.
 */
@Tag("cas")
class RealCaTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "cas.md");

    /** Enough for the longest run, in which two scenarios wait 90 seconds each for a CA. */
    private static final Duration TIMEOUT = Duration.ofMinutes(15);

    /** Makes the addresses, the resolver and the hosts file. Stays, so that there is a process 1 that reaps orphans. */
    private static final String SCRIPT = """
            ip link set lo up
            for address in $ADDRESSES; do ip address add "$address/32" dev lo; done
            mount --bind "$FOLDER/resolv.conf" /etc/resolv.conf
            mount --bind "$FOLDER/hosts" /etc/hosts
            "$@"
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    static Stream<Named<CaProgram>> chosen() {
        String names = System.getProperty("ringcert.cas", "").strip();
        List<CaProgram> programs = names.isEmpty()
                ? CaPrograms.all()
                : Arrays.stream(names.split("[ ,]+")).map(CaPrograms::named).toList();
        return programs.stream().map(program -> Named.of(program.name(), program));
    }

    @ParameterizedTest
    @MethodSource("chosen")
    void issuesRenewsAndRecovers(CaProgram program) throws IOException {
        assumeNamespaces();
        CaTable table = new CaTable(DOCUMENT);
        try {
            program.install(System.err::println);
        } catch (IOException e) {
            table.addMissing(program, String.valueOf(e.getMessage()));
            abort(program.name() + " cannot be had: " + e.getMessage());
        }
        CaReport report = run(program);
        if (report.isComplete()) {
            table.replace(program, report, LocalDate.now(ZoneOffset.UTC));
        }
        assertThat(report.isComplete()).as("all scenarios have been tried").isTrue();
        assertThat(surprises(program, report)).isEmpty();
    }

    private void assumeNamespaces() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can start a CA in a network of its own");
        for (String name : List.of("unshare", "ip", "mount", "openssl")) {
            assumeTrue(
                    Programs.find(name, System.getenv().getOrDefault("PATH", ""))
                            .isPresent(),
                    name + " is missing");
        }
        try (ChildProcess probe = ChildProcess.start(
                "unshare", unshare("ip link set lo up", List.of()), Map.of(), folder.resolve("probe.log"))) {
            int status = probe.awaitExit(Duration.ofSeconds(30));
            String output = probe.output();
            assumeTrue(status == 0, () -> "this machine does not allow new namespaces: " + output);
        }
    }

    private static List<String> unshare(String script, List<String> command) {
        List<String> all = new ArrayList<>(List.of("unshare", "-m", "-n", "-p", "-f", "--kill-child", "--mount-proc"));
        all.addAll(List.of("sh", "-euc", script, "sh"));
        all.addAll(command);
        return all;
    }

    private CaReport run(CaProgram program) throws IOException {
        // A CA may run as another user, who has to reach its folder.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        Files.writeString(folder.resolve("resolv.conf"), "nameserver " + CaNetwork.DNS_ADDRESS.getHostAddress() + "\n");
        Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n::1 localhost\n");
        Path reportFile = folder.resolve("report.json");
        Path work = Files.createDirectory(folder.resolve("run"));
        List<String> command = NodeProcess.java(
                CaCluster.jvmFlags(),
                CaRun.class.getName(),
                List.of(program.name(), work.toString(), reportFile.toString()));
        Map<String, String> environment = Map.of(
                "FOLDER",
                folder.toString(),
                "ADDRESSES",
                CaNetwork.addresses().stream().map(InetAddress::getHostAddress).collect(Collectors.joining(" ")));
        try (ChildProcess process = ChildProcess.start(
                "the run of " + program.name(), unshare(SCRIPT, command), environment, folder.resolve("run.log"))) {
            int status = process.awaitExit(TIMEOUT);
            assertThat(status).as(process.output()).isZero();
        } finally {
            print(program, CaReport.read(reportFile));
        }
        return CaReport.read(reportFile);
    }

    private static void print(CaProgram program, CaReport report) {
        for (Outcome outcome : report.outcomes()) {
            System.err.printf(
                    "%s: %s: %s, %.1f s%s%n",
                    program.name(),
                    outcome.scenario().title(),
                    outcome.status(),
                    outcome.millis() / 1000.0,
                    outcome.detail().isEmpty() ? "" : ": " + outcome.detail());
        }
        report.facts().forEach(facts -> System.err.println(program.name() + ": " + facts));
    }

    /** Returns what ended otherwise than the CA's launcher says. */
    private static List<String> surprises(CaProgram program, CaReport report) {
        List<String> surprises = new ArrayList<>();
        for (Outcome outcome : report.outcomes()) {
            boolean expected = program.knownFailures().containsKey(outcome.scenario());
            if (outcome.status() == Status.PASSED && expected) {
                surprises.add(outcome.scenario() + " passed, but is listed as a known failure");
            } else if (outcome.status() != Status.PASSED && !expected) {
                surprises.add(outcome.scenario() + ": " + outcome.detail());
            }
        }
        return surprises;
    }
}
