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

/** {@code ringcert demo}: a cluster on this machine. */
public final class DemoCommand extends Command {

    private static final int MOST = 20;
    private static final int USUAL = 3;

    private final Supplier<Optional<String>> nodes = option("--nodes", "N", "servers (default: 3)");
    private final Supplier<Optional<String>> sites = option("--sites", "M", "sites (default: 3)");
    private final Supplier<Optional<String>> handoff =
            option("--handoff", "WAY", "redirect, relay or ring (default: redirect)");
    private final Supplier<Optional<String>> down =
            option("--down", "NODE", "a server that is not there, such as web1");
    private final BooleanSupplier keep = flag("--keep", "stay up until Ctrl-C, to be tried");

    /** Found by {@link java.util.ServiceLoader}. */
    public DemoCommand() {
        super("A cluster on this machine that gets its certificates from a real test CA; nothing is left behind.");
    }

    @Override
    public Integer call() throws UsageException, InterruptedException {
        int servers = number("--nodes", nodes);
        Demo.Plan plan =
                new Demo.Plan(servers, number("--sites", sites), handoff(), down(servers), keep.getAsBoolean());
        try {
            boolean well = new Demo(plan, out()).run();
            return well ? ExitStatus.OK : ExitStatus.FAILED;
        } catch (IOException e) {
            err().println(e.getMessage());
            return ExitStatus.FAILED;
        }
    }

    private static int number(String name, Supplier<Optional<String>> given) throws UsageException {
        try {
            int number = given.get().map(Integer::valueOf).orElse(USUAL);
            if (number >= 1 && number <= MOST) {
                return number;
            }
        } catch (NumberFormatException e) {
            // as wrong as one that is too large
        }
        throw new UsageException(
                name + " is 1 to " + MOST + ", not " + given.get().orElse(""));
    }

    private HandoffMode handoff() throws UsageException {
        String label = handoff.get().orElse(HandoffMode.REDIRECT.label());
        return Arrays.stream(HandoffMode.values())
                .filter(mode -> mode.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new UsageException("--handoff is redirect, relay or ring, not " + label));
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
        throw new UsageException("--down is one of several servers: web0 to web" + (servers - 1) + ", not " + name);
    }
}
