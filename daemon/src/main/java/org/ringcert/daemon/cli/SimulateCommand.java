package org.ringcert.daemon.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.daemon.simulate.SimulationJson;
import org.ringcert.daemon.simulate.SimulationPicture;
import org.ringcert.daemon.simulate.SimulationText;
import org.ringcert.simulate.Scenario;
import org.ringcert.simulate.Simulation;
import org.ringcert.simulate.SimulationResult;

/** {@code ringcert simulate}: years of a cluster in virtual time, against a model of Let's Encrypt. */
final class SimulateCommand extends Command {

    private final ScenarioOptions scenarioOptions = new ScenarioOptions(this);
    private final BooleanSupplier json = flag("--json", "print JSON for programs; later versions only add keys");
    private final Supplier<Optional<String>> svg =
            option("--svg", "FILE", "also write a picture of the certificates of each day to this file");

    SimulateCommand() {
        super(
                "Follows a cluster through years of virtual time, and counts what happens.",
                "All nodes decide as the daemon does. The CA is a model of Let's Encrypt with its limits. Nothing is"
                        + " read from this server and nothing is sent. The same options always give the same result.",
                "Without --fault, the seed also decides what goes wrong: about one fault of each kind in a year, but no"
                        + " mass revocation.",
                "The exit status is 1 if a certificate expired.");
    }

    @Override
    public Integer call() throws UsageException {
        Scenario scenario = scenarioOptions.scenario(svg.get());
        SimulationResult result = Simulation.run(scenario);
        if (svg.get().isPresent() && !writePicture(svg.get().get(), scenario, result)) {
            return ExitStatus.FAILED;
        }
        boolean isPrinted =
                print(json.getAsBoolean() ? SimulationJson.of(scenario, result) : SimulationText.of(scenario, result));
        return isPrinted && result.expired() == 0 ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private boolean writePicture(String file, Scenario scenario, SimulationResult result) {
        try {
            PictureFile.write(file, SimulationPicture.of(scenario, result));
            return true;
        } catch (IOException e) {
            err().println("The picture cannot be written to " + file + ": " + e.getMessage());
            return false;
        }
    }
}
