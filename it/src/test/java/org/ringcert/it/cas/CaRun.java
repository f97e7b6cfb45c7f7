package org.ringcert.it.cas;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.ringcert.it.cas.CaReport.Outcome;
import org.ringcert.it.cas.CaReport.Status;

/**
 * Runs all scenarios against one CA, as a process in {@link CaNetwork}. It ends with 0 when all of them have been
 * tried, even if some have failed; the report says which.
 */
final class CaRun {

    private static final int MAX_DETAIL = 2_000;

    private CaRun() {}

    /**
     * Runs them.
     *
     * @param arguments the name of the CA, an empty folder, and the file for the report, which is updated each time
     */
    public static void main(String[] arguments) throws Exception {
        CaProgram program = CaPrograms.named(arguments[0]);
        Path folder = Path.of(arguments[1]);
        Path file = Path.of(arguments[2]);
        CaReport report = CaReport.EMPTY;
        try (NameServer dns = NameServer.start(CaNetwork.DNS_ADDRESS);
                OtherWebServers servers = OtherWebServers.start()) {
            dns.set(CaNetwork.CA_NAME, CaNetwork.CA_ADDRESS);
            for (int node = 0; node < CaNetwork.NODES.size(); node++) {
                dns.set(CaCluster.node(node), CaNetwork.NODES.get(node));
            }
            CaProbe.SITES.forEach(site -> dns.set(site, CaNetwork.RECORDERS.getFirst()));
            dns.set(OtherWebServers.SECOND_RECORDER, CaNetwork.RECORDERS.getLast());
            try (RunningCa ca = program.start(Files.createDirectory(folder.resolve("ca")))) {
                for (Scenario scenario : Scenario.values()) {
                    Path own = Files.createDirectory(folder.resolve(scenario.name()));
                    String handoff = report.passed(Scenario.REDIRECT) ? "redirect" : "relay";
                    Outcome outcome = canRun(scenario, report)
                            ? run(scenario, new CaScenarios(own, ca, dns, handoff))
                            : new Outcome(scenario, Status.NOT_RUN, 0, "it never issues a certificate");
                    System.out.println(outcome);
                    report = report.with(outcome);
                    report.write(file);
                }
                report = report.with(CaProbe.run(Files.createDirectory(folder.resolve("probe")), ca, servers));
                report.write(file);
            }
        }
        // A thread of a server must not keep this process alive.
        System.exit(0);
    }

    private static boolean canRun(Scenario scenario, CaReport report) {
        return scenario.compareTo(Scenario.RELAY) <= 0
                || report.passed(Scenario.REDIRECT)
                || report.passed(Scenario.RELAY);
    }

    private static Outcome run(Scenario scenario, CaScenarios scenarios) {
        long start = System.nanoTime();
        try {
            scenarios.run(scenario);
            return new Outcome(scenario, Status.PASSED, millisSince(start), "");
        } catch (Exception | AssertionError e) {
            String message = String.valueOf(e.getMessage()).strip();
            String detail = message.length() > MAX_DETAIL ? message.substring(0, MAX_DETAIL) + " ..." : message;
            return new Outcome(scenario, Status.FAILED, millisSince(start), detail);
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
