package org.ringcert.daemon.cli;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ringcert.daemon.demo.Demo;
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

    @Option(names = "--keep", description = "stay up until Ctrl-C, to be tried")
    private boolean keep;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws UsageException, InterruptedException {
        if (nodes < 1 || nodes > MOST || sites < 1 || sites > MOST) {
            throw new UsageException("--nodes and --sites are 1 to " + MOST);
        }
        try {
            boolean well = new Demo(
                            nodes,
                            sites,
                            keep,
                            Objects.requireNonNull(spec).commandLine().getOut())
                    .run();
            return well ? Ringcert.WELL : Ringcert.FAILED;
        } catch (IOException e) {
            Objects.requireNonNull(spec).commandLine().getErr().println(e.getMessage());
            return Ringcert.FAILED;
        }
    }
}
