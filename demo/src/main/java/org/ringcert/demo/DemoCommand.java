package org.ringcert.demo;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.daemon.cli.Command;
import org.ringcert.daemon.cli.ExitStatus;
import org.ringcert.daemon.cli.UsageException;
import org.ringcert.handoff.HandoffMode;

/** {@code ringcert demo}: runs a cluster on this machine. */
public final class DemoCommand extends Command {

    private static final int MAX_NODES = 20;
    private static final int MAX_SITES = 100;
    private static final int DEFAULT_COUNT = 3;

    private final Supplier<Optional<String>> nodes = option("--nodes", "N", "number of servers (default: 3)");
    private final Supplier<Optional<String>> sites = option("--sites", "M", "number of sites (default: 3)");
    private final Supplier<Optional<String>> handoff =
            option("--handoff", "MODE", "redirect, relay or ring (default: redirect)");
    private final Supplier<Optional<String>> down =
            option("--down", "NODE", "a server that is not started, such as web1");
    private final BooleanSupplier keep = flag("--keep", "keep running until Ctrl-C, to try things out");

    /** Found by {@link java.util.ServiceLoader}. */
    public DemoCommand() {
        super(
                "Runs a cluster on this machine that gets its certificates from a real test CA. Removes its servers and files when it ends.");
    }

    @Override
    public Integer call() throws UsageException, InterruptedException {
        int servers = count("--nodes", nodes, MAX_NODES);
        Demo.DemoOptions options = new Demo.DemoOptions(
                servers, count("--sites", sites, MAX_SITES), handoff(), down(servers), keep.getAsBoolean());
        try {
            boolean allVerified = new Demo(options, out()).run();
            return allVerified ? ExitStatus.OK : ExitStatus.FAILED;
        } catch (IOException e) {
            err().println(e.getMessage());
            return ExitStatus.FAILED;
        }
    }

    private static int count(String option, Supplier<Optional<String>> value, int max) throws UsageException {
        try {
            int count = value.get().map(Integer::valueOf).orElse(DEFAULT_COUNT);
            if (count >= 1 && count <= max) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number that is out of range.
        }
        throw new UsageException(
                option + " must be 1 to " + max + ", not " + value.get().orElse(""));
    }

    private HandoffMode handoff() throws UsageException {
        String label = handoff.get().orElse(HandoffMode.REDIRECT.label());
        return Arrays.stream(HandoffMode.values())
                .filter(mode -> mode.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new UsageException("--handoff must be redirect, relay or ring, not " + label));
    }

    private OptionalInt down(int servers) throws UsageException {
        if (down.get().isEmpty()) {
            return OptionalInt.empty();
        }
        String name = down.get().get();
        for (int node = 0; node < servers; node++) {
            if (name.equals("web" + node) && servers > 1) {
                return OptionalInt.of(node);
            }
        }
        throw new UsageException(
                "--down must be one of several servers, web0 to web" + (servers - 1) + ", not " + name);
    }
}
