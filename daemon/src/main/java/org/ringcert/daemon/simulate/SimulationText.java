package org.ringcert.daemon.simulate;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ringcert.daemon.TextTable;
import org.ringcert.simulate.FaultKind;
import org.ringcert.simulate.FaultPeriod;
import org.ringcert.simulate.Scenario;
import org.ringcert.simulate.SimulationResult;

/** What a simulation says, as a short table for people. */
public final class SimulationText {

    private static final double SECONDS_OF_DAY = 86_400;

    private SimulationText() {}

    /** Returns the lines, each with its end. */
    public static String of(Scenario scenario, SimulationResult result) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("issued", number(result.issued()), "certificates"));
        rows.add(List.of("refused", number(result.refused()), refusals(result)));
        rows.add(List.of("expired", number(result.expired()), "certificates expired at a running node"));
        rows.add(List.of("invalid", days(result.invalid()), "certificate-days with a revoked or expired certificate"));
        rows.add(List.of("missing", days(result.missing()), "certificate-days without a first certificate"));
        rows.add(List.of(
                "longest wait",
                time(result.longestWait().map(SimulationResult.Wait::time).orElse(Duration.ZERO)),
                result.longestWait().map(SimulationText::where).orElse("")));
        rows.add(List.of(
                "of visitors",
                time(result.longestWaitOfLeaders()),
                "longest wait at a server to which the site's name leads"));
        rows.add(List.of(
                "first rollout",
                result.rollout().map(SimulationText::time).orElse("unfinished"),
                "until all nodes had all certificates"));
        rows.add(List.of("load", requests(result.load().most()), load(result.load())));
        return describe(scenario) + "\n" + faults(result) + "\n" + TextTable.of(rows);
    }

    /** Returns what is simulated, in one line. */
    public static String describe(Scenario scenario) {
        return count(scenario.nodes(), "node") + ", " + count(scenario.sites(), "site") + " in "
                + count(scenario.domains(), "registered domain")
                + (scenario.kinds() > 1 ? ", two kinds of keys" : "")
                + (scenario.groupSize() > 0 ? ", groups of " + scenario.groupSize() : "")
                + ", " + count(scenario.years(), "year") + ", certificates of " + lifetime(scenario.lifetime())
                + (scenario.renewalInfo() == Scenario.RenewalInfoSupport.OFFERED ? " with" : " without")
                + " renewal information, seed " + scenario.seed();
    }

    private static String faults(SimulationResult result) {
        Map<FaultKind, Long> counts = result.faults().stream()
                .collect(Collectors.groupingBy(FaultPeriod::kind, TreeMap::new, Collectors.counting()));
        return counts.isEmpty()
                ? "Nothing goes wrong.\n"
                : "Faults: "
                        + counts.entrySet().stream()
                                .map(entry -> entry.getKey().label() + " " + entry.getValue())
                                .collect(Collectors.joining(", "))
                        + "\n";
    }

    private static String refusals(SimulationResult result) {
        return "orders, " + number(result.refusedAgain())
                + " of them within a week after another refusal of the same node and names";
    }

    private static String where(SimulationResult.Wait wait) {
        return wait.node() + " for " + wait.site() + ", from " + wait.since().truncatedTo(ChronoUnit.SECONDS);
    }

    private static String load(SimulationResult.HourlyLoad load) {
        return load.steadyHours() == 0
                ? "requests in the worst hour; there was no steady state"
                : String.format(
                        Locale.ROOT,
                        "requests in the worst hour of the steady state, %.1f times the average; %s in the worst of all",
                        load.most() / load.average(),
                        requests(load.mostAtAll()));
    }

    private static String requests(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String count(int number, String noun) {
        return number(number) + " " + noun + (number == 1 ? "" : "s");
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String days(Duration time) {
        return String.format(Locale.ROOT, "%,.2f", time.toSeconds() / SECONDS_OF_DAY);
    }

    private static String lifetime(Duration time) {
        return time.toHours() % 24 == 0 ? time.toDays() + " days" : time.toHours() + " hours";
    }

    private static String time(Duration time) {
        if (time.toMinutes() < 1) {
            return time.toSeconds() + " s";
        }
        return time.toHours() < 1
                ? time.toMinutes() + " min"
                : time.toHours() < 48
                        ? String.format(Locale.ROOT, "%.1f h", time.toMinutes() / 60.0)
                        : String.format(Locale.ROOT, "%.1f days", time.toSeconds() / SECONDS_OF_DAY);
    }
}
