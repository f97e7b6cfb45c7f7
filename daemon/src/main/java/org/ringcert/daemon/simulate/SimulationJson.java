package org.ringcert.daemon.simulate;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.ringcert.json.JsonFormat;
import org.ringcert.simulate.FaultPeriod;
import org.ringcert.simulate.Scenario;
import org.ringcert.simulate.SimulationResult;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a simulation says, for programs. Programs rely on the keys: they may be added to, but not renamed or removed.
 * The document has neither the present time nor anything of this machine, so each run of a scenario gives the same.
 */
public final class SimulationJson {

    private static final double SECONDS_OF_DAY = 86_400;
    private static final double HUNDREDTHS = 100;

    private SimulationJson() {}

    /** Returns the document, indented, ending with a newline. */
    public static String of(Scenario scenario, SimulationResult result) {
        ObjectNode root = JsonFormat.newObject();
        putScenario(root.putObject("scenario"), scenario);
        root.put("issued", result.issued());
        root.put("refused", result.refused());
        root.put("refusedAgain", result.refusedAgain());
        root.put("expired", result.expired());
        root.put("invalid", days(result.invalid()));
        root.put("missing", days(result.missing()));
        result.longestWait().ifPresent(wait -> putWait(root.putObject("longestWait"), wait));
        root.put("longestWaitOfVisitorsSeconds", result.longestWaitOfLeaders().toSeconds());
        result.rollout().ifPresent(time -> root.put("firstRolloutSeconds", time.toSeconds()));
        putLoad(root.putObject("load"), result.load());
        ArrayNode faults = root.putArray("faults");
        result.faults().forEach(fault -> putFault(faults.addObject(), fault));
        return JsonFormat.DEFAULT.writeIndented(root) + "\n";
    }

    private static void putScenario(ObjectNode node, Scenario scenario) {
        node.put("nodes", scenario.nodes());
        node.put("sites", scenario.sites());
        node.put("domains", scenario.domains());
        node.put("kinds", scenario.kinds());
        node.put("group", scenario.groupSize());
        node.put("years", scenario.years());
        node.put("lifetimeSeconds", scenario.lifetime().toSeconds());
        node.put("renewalInformation", scenario.renewalInfo() == Scenario.RenewalInfoSupport.OFFERED);
        node.put("seed", scenario.seed());
    }

    private static void putWait(ObjectNode node, SimulationResult.Wait wait) {
        node.put("seconds", wait.time().toSeconds());
        node.put("since", wait.since().truncatedTo(ChronoUnit.SECONDS).toString());
        node.put("node", wait.node().value());
        node.put("site", wait.site().value());
    }

    private static void putLoad(ObjectNode node, SimulationResult.HourlyLoad load) {
        node.put("steadyHours", load.steadyHours());
        node.put("averageRequests", rounded(load.average()));
        node.put("mostRequests", rounded(load.most()));
        node.put("mostOrders", load.mostOrders());
        node.put("mostRequestsOfFirstRenewals", rounded(load.mostOfFirstRenewals()));
        node.put("mostRequestsAfterFaults", rounded(load.mostAfterFaults()));
        node.put("mostRequestsAtAll", rounded(load.mostAtAll()));
    }

    private static void putFault(ObjectNode node, FaultPeriod fault) {
        node.put("kind", fault.kind().label());
        node.put("from", fault.from().truncatedTo(ChronoUnit.SECONDS).toString());
        node.put("to", fault.to().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private static double days(Duration time) {
        return rounded(time.toSeconds() / SECONDS_OF_DAY);
    }

    private static double rounded(double value) {
        return Math.round(value * HUNDREDTHS) / HUNDREDTHS;
    }
}
