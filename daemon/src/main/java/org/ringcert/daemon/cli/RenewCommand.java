package org.ringcert.daemon.cli;

import java.net.URI;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.CaConnections;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.TemporaryFront;
import org.ringcert.daemon.config.BeforeOrder;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.status.RenewalMessages;
import org.ringcert.event.HistoryRecorder;
import org.ringcert.event.JoinedListener;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.DeactivatedAccount;
import org.ringcert.issue.Issuer;
import org.ringcert.renew.RenewalMode;
import org.ringcert.renew.RenewalPlan;
import org.ringcert.renew.RenewalResult;
import org.ringcert.renew.Renewals;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** {@code ringcert renew}: one pass over the sites, renewing what is due. */
final class RenewCommand extends Command {

    private final Supplier<List<String>> names = parameters("SITE", "renew only these sites (default: all)");
    private final BooleanSupplier force =
            flag("--force", "also renew what is not due, has failed recently, or waits because validation would fail");
    private final BooleanSupplier dryRun = flag("--dry-run", "only print what would be done");
    private final BooleanSupplier prepare = flag(
            "--prepare",
            "only make keys, self-signed certificates and an account at each CA, so that a web server can start;"
                    + " nothing is ordered");
    private final NodeOptions options = new NodeOptions(this);

    RenewCommand() {
        super("Renews the certificates that are due, once. For cron, a timer or a person.");
    }

    @Override
    public Integer call() throws Exception {
        if (prepare.getAsBoolean() && (force.getAsBoolean() || dryRun.getAsBoolean())) {
            throw new UsageException("--prepare orders nothing, so it cannot be combined with --force or --dry-run");
        }
        if (dryRun.getAsBoolean()) {
            return printPlan(options.loadWithNotices());
        }
        ConfiguredNode configured = options.loadForOrders();
        List<CertificateSpec> specs = configured.certificates(names.get());
        LocalNode node = configured.open();
        try (CaConnections cas = node.connectToCas()) {
            HistoryRecorder history = new HistoryRecorder(node.store().history(), Clock.systemUTC());
            RegistrationFailures failures =
                    new RegistrationFailures(new JoinedListener(new CertificateLog(configured.caNames()), history));
            Renewals renewals = node.renewals(cas, failures);
            return prepare.getAsBoolean()
                    ? prepare(node, renewals, node.issuers(cas, failures), specs)
                    : renew(node, renewals, specs, RenewalMessages.ofCommand(configured.caNames()), failures, history);
        }
    }

    private int renew(
            LocalNode node,
            Renewals renewals,
            List<CertificateSpec> specs,
            RenewalMessages messages,
            RegistrationFailures failures,
            HistoryRecorder history)
            throws Exception {
        node.challenges().removeExpired();
        // A CA's suggestion can make a certificate due, and an order needs the temporary front.
        renewals.refreshSchedules(specs);
        Optional<TemporaryFront> front =
                wouldOrder(renewals, specs) ? node.startTemporaryFront(history) : Optional.empty();
        try {
            List<RenewalResult> results = renewals.pass(specs, mode());
            results.forEach(history::onResult);
            List<String> texts = results.stream().map(messages::of).toList();
            failures.logUnless(reason -> texts.stream().anyMatch(text -> text.contains(reason)));
            return print(node.store(), results, texts);
        } finally {
            front.ifPresent(TemporaryFront::close);
        }
    }

    private RenewalMode mode() {
        return force.getAsBoolean() ? RenewalMode.FORCE : RenewalMode.DUE_BEFORE_NEXT_RUN;
    }

    private boolean wouldOrder(Renewals renewals, List<CertificateSpec> specs) {
        return specs.stream().anyMatch(spec -> {
            try {
                return renewals.wouldOrder(spec, mode());
            } catch (StoreException e) {
                // The pass gets the same error and reports it.
                return false;
            }
        });
    }

    private int print(Store store, List<RenewalResult> results, List<String> texts) {
        for (int i = 0; i < results.size(); i++) {
            RenewalResult result = results.get(i);
            String holder = result instanceof RenewalResult.Busy
                    ? holder(store, result.name().site())
                    : "";
            print(result.name(), texts.get(i) + holder);
        }
        return results.stream().allMatch(this::isGood) ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private boolean isGood(RenewalResult result) {
        return switch (result) {
            case RenewalResult.Renewed _, RenewalResult.NotDue _ -> true;
            // Nothing is wrong, and a later run orders.
            case RenewalResult.Waiting(var _, var wait) -> wait.isPlanned();
            // With --force the user wants a certificate now.
            case RenewalResult.Busy _ -> !force.getAsBoolean();
            default -> false;
        };
    }

    /** The process that has the site's lock, in parentheses, if it is known. */
    private static String holder(Store store, HostName site) {
        try {
            return store.lockHolder(site)
                    .map(holder -> " (process " + holder.pid() + ", since " + holder.since() + ")")
                    .orElse("");
        } catch (StoreException e) {
            return "";
        }
    }

    private int prepare(LocalNode node, Renewals renewals, List<Issuer> issuers, List<CertificateSpec> specs) {
        boolean sitesAreReady = true;
        for (CertificateSpec spec : specs) {
            try {
                print(
                        spec.name(),
                        renewals.prepare(spec).map(RenewCommand::prepared).orElse(RenewalMessages.BUSY));
            } catch (StoreException e) {
                sitesAreReady = false;
                print(spec.name(), e.getMessage());
            }
        }
        boolean accountsAreReady = true;
        for (Issuer issuer : issuers) {
            accountsAreReady &= prepare(node, renewals, issuer);
        }
        return sitesAreReady && accountsAreReady ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private boolean prepare(LocalNode node, Renewals renewals, Issuer issuer) {
        Store store = node.store();
        boolean wasMissing = isAccountMissing(issuer);
        Optional<String> problem = issuer.prepareAccount();
        if (wasMissing && problem.isEmpty()) {
            clearBackOff(node, renewals, issuer);
        }
        out().println(problem.map(reason -> isDeactivated(store, issuer)
                        ? reason
                        : "There is no account at " + issuer.directory() + " yet. " + reason)
                .orElseGet(() -> "There is an account at " + issuer.directory() + contactRefusal(store, issuer)));
        return problem.isEmpty();
    }

    private static boolean isAccountMissing(Issuer issuer) {
        try {
            return issuer.lacksAccount();
        } catch (StoreException e) {
            // Preparing the account gets the same error and reports it.
            return false;
        }
    }

    /** Returns whether the reason why there is no account is that this node has deactivated it. */
    private static boolean isDeactivated(Store store, Issuer issuer) {
        try {
            return store.accounts().deactivation(issuer.directory()).isPresent();
        } catch (StoreException e) {
            // Preparing the account got the same error and reports it.
            return false;
        }
    }

    /** Ends the wait after orders at the CA. Without an account there, they could only fail. */
    private void clearBackOff(LocalNode node, Renewals renewals, Issuer issuer) {
        for (CertificateSpec spec : node.specs()) {
            try {
                renewals.clearBackOff(spec.name(), issuer.directory());
            } catch (StoreException e) {
                print(spec.name(), e.getMessage());
            }
        }
    }

    private static String contactRefusal(Store store, Issuer issuer) {
        try {
            return store.accounts()
                    .problem(issuer.directory())
                    .map(refusal -> ", without a contact. " + refusal)
                    .orElse("");
        } catch (StoreException e) {
            return ". " + e.getMessage();
        }
    }

    private static String prepared(CertificateVersion version) {
        return switch (version.origin()) {
            case Origin.SelfSigned _ -> "has a self-signed certificate, and nothing is ordered yet";
            case Origin.IssuedByCa _ -> "has a certificate, valid until " + version.notAfter();
        };
    }

    private int printPlan(ConfiguredNode configured) throws UsageException, StoreException {
        List<CertificateSpec> specs = configured.certificates(names.get());
        Store store = Store.inspect(configured.configuration().store(), Clock.systemUTC());
        if (Files.notExists(store.directory())) {
            out().println("There is no store yet; it would be made in " + store.directory());
        }
        Set<URI> withoutUsableBinding = new HashSet<>();
        Set<URI> closed = new HashSet<>();
        for (CertificateSpec.Source source : specs.getFirst().sources()) {
            URI directory = source.directory();
            Optional<Instant> deactivated = store.accounts().deactivation(directory);
            if (deactivated.isPresent()) {
                closed.add(directory);
                out().println(DeactivatedAccount.describe(
                        configured.caNames().of(directory), directory, deactivated.get(), store));
            }
            if (!store.accounts().isRegistered(directory)) {
                Optional<String> problem = configured
                        .configuration()
                        .authority(directory)
                        .configuredBinding()
                        .problem();
                problem.ifPresent(_ -> withoutUsableBinding.add(directory));
                out().println("There is no account at " + directory + " yet"
                        + problem.map(reason -> " and none can be made: " + reason)
                                .orElse("; it would be made"));
            }
        }
        Instant now = Instant.now();
        PlanText text = new PlanText(
                configured.caNames(),
                closed,
                directory -> !force.getAsBoolean() && hasLimits(configured.configuration(), directory),
                directory -> canPostpone(configured.configuration(), directory),
                now);
        for (CertificateSpec spec : specs) {
            Progress progress = store.progress(spec.name());
            RenewalPlan plan = RenewalPlan.of(spec, store, mode(), now);
            boolean wouldFail = plan.source()
                    .map(CertificateSpec.Source::directory)
                    .filter(withoutUsableBinding::contains)
                    .isPresent();
            print(
                    spec.name(),
                    text.of(spec, progress, plan)
                            + (wouldFail ? ". This would fail, because there is no account at that CA" : ""));
        }
        return ExitStatus.OK;
    }

    private static boolean hasLimits(Configuration configuration, URI directory) {
        return !configuration.authority(directory).limits().limits().isEmpty();
    }

    /** With --force a look only warns. */
    private boolean canPostpone(Configuration configuration, URI directory) {
        return !force.getAsBoolean()
                && configuration.check().beforeOrder(configuration.authority(directory)) == BeforeOrder.POSTPONE;
    }

    private void print(CertificateName name, String sentence) {
        out().println(name + ": " + sentence);
    }
}
