package org.ringcert.daemon.cli;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.acme.RevocationReason;
import org.ringcert.daemon.CaConnections;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.TemporaryFront;
import org.ringcert.daemon.setup.Terminal;
import org.ringcert.daemon.status.RenewalMessages;
import org.ringcert.event.HistoryRecorder;
import org.ringcert.event.JoinedListener;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.renew.RenewalMode;
import org.ringcert.renew.RenewalResult;
import org.ringcert.renew.RenewalWait;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Revocation;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** {@code ringcert revoke}: revokes a site's certificate, and orders another one. */
final class RevokeCommand extends Command {

    private final Supplier<String> site = parameter(
            "SITE",
            "a name of the site; www.example.org+rsa revokes only the second certificate, with that kind of key. Certificates"
                    + " that the configuration no longer has can be named too");
    private final Supplier<Optional<String>> reason = option(
            "--reason",
            "REASON",
            "why, by the name or number of RFC 5280 (default: unspecified): " + RevocationReason.labels()
                    + ". A CA accepts only some of them");
    private final Supplier<Optional<String>> version =
            versionOption("VERSION", "revoke this version, by the name of its directory, and not the current one");
    private final BooleanSupplier yes = flag("--yes", "do not ask; needed without a terminal");
    private final BooleanSupplier dryRun = flag("--dry-run", "only print what would be revoked and ordered");
    private final BooleanSupplier force = flag(
            "--force",
            "order the new certificate even before its turn within the CA's limits. The CA may refuse it, or later that of"
                    + " another server");
    private final NodeOptions options = new NodeOptions(this);

    private final Supplier<Optional<Terminal>> terminal;

    /** @param terminal returns the terminal to ask on, if there is one */
    RevokeCommand(Supplier<Optional<Terminal>> terminal) {
        super("Revokes the certificate of a site, and orders a new one.");
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        RevocationReason parsedReason = parsedReason();
        ConfiguredNode configured = options.loadForOrders();
        LocalNode node = configured.open();
        Instant now = Instant.now();
        RevocationPlan plan = plan(configured, node.store(), parsedReason, now);
        RevocationNotice.checkReason(plan);
        Optional<Terminal> asking = mayAsk() ? terminal.get() : Optional.empty();
        if (mayAsk() && asking.isEmpty()) {
            throw new UsageException("There is no terminal to ask on. Repeat the command with --yes, or with --dry-run"
                    + " to see what it would do. Nothing was revoked.");
        }
        Map<CertificateName, String> obstacles = obstacles(configured, node.store(), plan);
        new RevocationNotice(plan, configured, node.store(), obstacles, mode(), now)
                .lines()
                .forEach(out()::println);
        out().flush();
        if (plan.requests().isEmpty() && plan.replaced().isEmpty()) {
            return ExitStatus.OK;
        }
        if (!obstacles.isEmpty() && parsedReason != RevocationReason.KEY_COMPROMISE) {
            out().println("Nothing was revoked.");
            return ExitStatus.FAILED;
        }
        if (dryRun.getAsBoolean()) {
            return ExitStatus.OK;
        }
        if (asking.isPresent() && !asking.get().isConfirmed("Go on? [y/N] ")) {
            out().println("Nothing was revoked.");
            return ExitStatus.FAILED;
        }
        return execute(node, configured, plan, obstacles);
    }

    private RevocationPlan plan(ConfiguredNode configured, Store store, RevocationReason parsedReason, Instant now)
            throws UsageException, StoreException {
        List<CertificateName> chosen = new RevocationChoice(configured, store).named(site.get(), parsedReason, now);
        List<CertificateSpec> specs = LocalNode.specs(configured.configuration(), configured.self());
        return RevocationPlan.of(chosen, specs, version.get(), parsedReason, store, now);
    }

    private static Map<CertificateName, String> obstacles(ConfiguredNode configured, Store store, RevocationPlan plan)
            throws StoreException {
        OrderObstacles all = new OrderObstacles(configured, store);
        Map<CertificateName, String> obstacles = new HashMap<>();
        for (CertificateSpec spec : plan.replaced()) {
            all.of(spec).ifPresent(obstacle -> obstacles.put(spec.name(), obstacle));
        }
        return obstacles;
    }

    private RenewalMode mode() {
        return force.getAsBoolean() ? RenewalMode.FORCE : RenewalMode.FORCE_IN_TURN;
    }

    private boolean mayAsk() {
        return !yes.getAsBoolean() && !dryRun.getAsBoolean();
    }

    private RevocationReason parsedReason() throws UsageException {
        Optional<String> given = reason.get();
        if (given.isEmpty()) {
            return RevocationReason.UNSPECIFIED;
        }
        return RevocationReason.parse(given.get())
                .orElseThrow(() -> new UsageException("\"" + given.get().replaceAll("\\p{Cntrl}", "?")
                        + "\" is not a reason. The reasons are " + RevocationReason.labels() + "."));
    }

    private int execute(
            LocalNode node, ConfiguredNode configured, RevocationPlan plan, Map<CertificateName, String> obstacles)
            throws Exception {
        // Everything that an order needs is ready before the certificate is revoked.
        node.challenges().removeExpired();
        List<CertificateSpec> orderable = plan.replaced().stream()
                .filter(spec -> !obstacles.containsKey(spec.name()))
                .toList();
        HistoryRecorder history = new HistoryRecorder(node.store().history(), Clock.systemUTC());
        Optional<TemporaryFront> front = orderable.isEmpty() ? Optional.empty() : node.startTemporaryFront(history);
        try {
            RevocationRun run = new RevocationRun(node, configured.caNames(), plan, orderable, history, out());
            RevocationRun.Result result = run.revokeAll();
            if (result == RevocationRun.Result.BUSY) {
                return ExitStatus.FAILED;
            }
            boolean allRevoked = result == RevocationRun.Result.ALL_REVOKED;
            List<CertificateSpec> marked = marked(node.store(), orderable);
            if (marked.isEmpty() && !allRevoked) {
                out().println("Nothing is ordered.");
            }
            boolean allOrdered = marked.isEmpty() || order(node, configured, marked, history);
            return allRevoked && allOrdered && obstacles.isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
        } finally {
            front.ifPresent(TemporaryFront::close);
        }
    }

    /** Returns the certificates that must be replaced. The daemon may have replaced others meanwhile. */
    private static List<CertificateSpec> marked(Store store, List<CertificateSpec> specs) throws StoreException {
        List<CertificateSpec> marked = new ArrayList<>();
        for (CertificateSpec spec : specs) {
            if (mark(store, spec).isPresent()) {
                marked.add(spec);
            }
        }
        return marked;
    }

    private static Optional<Revocation> mark(Store store, CertificateSpec spec) throws StoreException {
        return store.current(spec.name()).flatMap(CertificateVersion::revocation);
    }

    /** Orders new certificates in place of those that must be replaced, and returns whether that succeeded. */
    private boolean order(
            LocalNode node, ConfiguredNode configured, List<CertificateSpec> marked, HistoryRecorder history)
            throws StoreException {
        RegistrationFailures failures =
                new RegistrationFailures(new JoinedListener(new CertificateLog(configured.caNames()), history));
        RenewalMessages messages = RenewalMessages.ofCommand(configured.caNames());
        Set<CertificateName> revoked = revoked(node.store(), marked);
        try (CaConnections cas = node.connectToCas()) {
            List<RenewalResult> results = node.renewals(cas, failures).pass(marked, mode());
            results.forEach(history::onResult);
            List<String> texts = results.stream().map(messages::of).toList();
            failures.logUnless(text -> texts.stream().anyMatch(printed -> printed.contains(text)));
            for (int i = 0; i < results.size(); i++) {
                out().println(results.get(i).name() + ": " + texts.get(i));
            }
            results.forEach(
                    result -> printUndeployed(result, revoked.contains(result.name()) ? "revoked" : "previous"));
            for (CertificateSpec spec : marked) {
                boolean isLimited = results.stream().anyMatch(RevokeCommand::isWaitingForTurn)
                        || texts.stream().anyMatch(text -> text.contains("(rateLimited)"));
                mark(node.store(), spec).ifPresent(mark -> out().println(whatIsTrueNow(spec, mark, isLimited)));
            }
            return results.stream().allMatch(RenewalResult.Renewed.class::isInstance);
        }
    }

    private static Set<CertificateName> revoked(Store store, List<CertificateSpec> marked) throws StoreException {
        Set<CertificateName> revoked = new HashSet<>();
        for (CertificateSpec spec : marked) {
            if (mark(store, spec)
                    .filter(mark -> mark.state() == Revocation.State.CONFIRMED)
                    .isPresent()) {
                revoked.add(spec.name());
            }
        }
        return revoked;
    }

    /** @param previous what the certificate is that the new one replaces: revoked, or only the previous one */
    private void printUndeployed(RenewalResult result, String previous) {
        if (result instanceof RenewalResult.NotDeployed) {
            out().println("Until the new certificate of " + result.name() + " is deployed, visitors still get the "
                    + previous + " one.");
        } else if (result instanceof RenewalResult.NotServed) {
            out().println("Visitors of " + result.name() + " may still get the " + previous + " certificate.");
        }
    }

    private static boolean isWaitingForTurn(RenewalResult result) {
        return result instanceof RenewalResult.Waiting waiting
                && waiting.pendingWait().causes().stream().anyMatch(RenewalWait.ForTurn.class::isInstance);
    }

    /** @param isLimited whether an order has to wait because of a limit */
    private static String whatIsTrueNow(CertificateSpec spec, Revocation mark, boolean isLimited) {
        String state = switch (mark.state()) {
            case CONFIRMED -> " is revoked";
            case REQUESTED ->
                mark.reason().equals(RevocationReason.KEY_COMPROMISE.label())
                        ? " has a compromised key, is not known to be revoked,"
                        : " may be revoked";
        };
        return "The certificate of " + spec.name() + state
                + " and still in place. Ringcert orders a new one by itself, in the daemon or the next"
                + " \"ringcert renew\"."
                + (isLimited ? " Replacing a revoked certificate is not exempt from the CA's limits." : "");
    }
}
