package org.ringcert.daemon.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.daemon.PlanSurvey;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationException;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.plan.PlanReport;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** {@code ringcert plan}: who orders what when, within the CA's limits. */
final class PlanCommand extends Command {

    private final BooleanSupplier json = flag("--json", "print JSON for programs; later versions only add keys");
    private final Supplier<Optional<String>> svg =
            option("--svg", "FILE", "also write a calendar of the orders, servers by weeks, to this file");
    private final NodeOptions options = new NodeOptions(this);

    PlanCommand() {
        super(
                "Shows which server orders which certificate when, why not earlier, and which of the CA's limits"
                        + " decides that.",
                "Looks at what all servers present to visitors, and asks the CA whether it has renewal information."
                        + " Nothing is ordered and nothing is changed. Each server computes the same plan if it sees"
                        + " the same.",
                "With --config, shows what another file would mean before it is rolled out: a server or site more or"
                        + " less, or other names. What the servers have today counts.");
    }

    @Override
    public Integer call() throws UsageException, StoreException {
        Optional<String> mistake = svg.get().flatMap(PictureFile::mistake);
        if (mistake.isPresent()) {
            throw new UsageException(mistake.get());
        }
        ConfiguredNode node = options.load();
        PlanReport report = plan(node);
        if (svg.get().isPresent() && !writePicture(svg.get().get(), report)) {
            return ExitStatus.FAILED;
        }
        return show(report) ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private PlanReport plan(ConfiguredNode node) throws UsageException, StoreException {
        try (ProgressLine line = ProgressLine.onTerminal(err())) {
            return new PlanSurvey(node.configuration(), node.self(), store(node), Clock.systemUTC(), line::showLooks)
                    .run(installed());
        }
    }

    private static Store store(ConfiguredNode node) throws UsageException, StoreException {
        try {
            return Store.inspect(node.configuration().store(), Clock.systemUTC());
        } catch (StoreException e) {
            if (e.isPermissionDenied()) {
                throw new UsageException(e.getMessage());
            }
            throw e;
        }
    }

    /** Returns the file in the default place, if another one is named and this one can be used. */
    private Optional<Configuration> installed() {
        if (options.isDefaultFile() || Files.notExists(ConfigurationLoader.DEFAULT_FILE)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ConfigurationLoader.load(ConfigurationLoader.DEFAULT_FILE));
        } catch (ConfigurationException e) {
            err().println("The installed file " + ConfigurationLoader.DEFAULT_FILE
                    + " cannot be used, so the other one is not compared with it.");
            return Optional.empty();
        }
    }

    private boolean writePicture(String file, PlanReport report) {
        try {
            PictureFile.write(file, report.picture());
            return true;
        } catch (IOException e) {
            err().println("The picture cannot be written to " + file.replaceAll("\\p{Cntrl}", "?") + ": "
                    + e.getMessage());
            return false;
        }
    }

    private boolean show(PlanReport report) {
        if (json.getAsBoolean()) {
            report.writeJson(out());
            return print("");
        }
        return print(report.text());
    }
}
