package org.ringcert.daemon.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ringcert.daemon.demo.Demo;
import org.ringcert.handoff.HandoffMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ringcert demo}: a cluster on this machine. */
@Command(
        name = "demo",
        description =
                "A cluster on this machine that gets its certificates from a real test CA; nothing is left behind.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final int MOST = 20;

    @Option(names = "--nodes", paramLabel = "N", description = "servers (default: 3)")
    private int nodes = 3;

    @Option(names = "--sites", paramLabel = "M", description = "sites (default: 3)")
    private int sites = 3;

    @Option(names = "--handoff", paramLabel = "WAY", description = "redirect, relay or ring (default: redirect)")
    private String handoff = HandoffMode.REDIRECT.label();

    @Option(names = "--down", paramLabel = "NODE", description = "a server that is not there, such as web1")
    private @Nullable String down;

    @Option(names = "--keep", description = "stay up until Ctrl-C, to be tried")
    private boolean keep;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws UsageException, InterruptedException {
        if (nodes < 1 || nodes > MOST || sites < 1 || sites > MOST) {
            throw new UsageException("--nodes and --sites are 1 to " + MOST);
        }
        Demo.Plan plan = new Demo.Plan(nodes, sites, handoff(), down(), keep);
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        try {
            boolean well = new Demo(plan, line.getOut()).run();
            return well ? Ringcert.WELL : Ringcert.FAILED;
        } catch (IOException e) {
            line.getErr().println(e.getMessage());
            return Ringcert.FAILED;
        }
    }

    private HandoffMode handoff() throws UsageException {
        return Arrays.stream(HandoffMode.values())
                .filter(mode -> mode.label().equals(handoff))
                .findFirst()
                .orElseThrow(() -> new UsageException("--handoff is redirect, relay or ring, not " + handoff));
    }

    private OptionalInt down() throws UsageException {
        if (down == null) {
            return OptionalInt.empty();
        }
        for (int node = 0; node < nodes; node++) {
            if (down.equals("web" + node) && nodes > 1) {
                return OptionalInt.of(node);
            }
        }
        throw new UsageException("--down is one of several servers: web0 to web" + (nodes - 1) + ", not " + down);
    }
}
