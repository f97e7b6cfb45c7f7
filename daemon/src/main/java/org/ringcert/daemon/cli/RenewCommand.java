package org.ringcert.daemon.cli;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.TemporaryFront;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.Issuer;
import org.ringcert.renew.Due;
import org.ringcert.renew.RenewalMode;
import org.ringcert.renew.RenewalResult;
import org.ringcert.renew.Renewals;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** {@code ringcert renew}: one pass over what is due. */
final class RenewCommand extends Command {

    private static final String IN_WORK = "skipped, the daemon or another command is at work on it";

    private final Supplier<List<String>> names = parameters("SITE", "only these sites (default: all)");
    private final BooleanSupplier force = flag("--force", "also what is not due, or failed lately");
    private final BooleanSupplier dryRun = flag("--dry-run", "only say what would be done");
    private final BooleanSupplier prepare = flag(
            "--prepare",
            "only make keys, self-signed certificates and the account at the CA, so that a web server can start;"
                    + " nothing is ordered");
    private final NodeOptions options = new NodeOptions(this);

    RenewCommand() {
        super("Renews what is due, once: for cron, a timer, or a person.");
    }

    @Override
    public Integer call() throws Exception {
        boolean anyway = force.getAsBoolean();
        if (prepare.getAsBoolean() && (anyway || dryRun.getAsBoolean())) {
            throw new UsageException("--prepare orders nothing, so it goes with neither --force nor --dry-run");
        }
        ConfiguredNode loaded = options.load();
        List<Site> chosen = loaded.sites(names.get());
        LocalNode node = loaded.open();
        List<CertificateSpec> specs = node.specs().stream()
                .filter(spec -> chosen.contains(spec.site()))
                .toList();
        try (CertificateAuthority authority = node.connectToCa()) {
            CertificateLog certificateLog = new CertificateLog();
            Renewals renewals = node.renewals(authority, certificateLog);
            if (prepare.getAsBoolean()) {
                return prepare(renewals, node.issuer(authority, certificateLog), specs);
            }
            if (dryRun.getAsBoolean()) {
                return foretell(node, renewals, specs);
            }
            node.challenges().removeExpired();
            Optional<TemporaryFront> front =
                    wouldOrder(renewals, specs) ? node.startTemporaryFront() : Optional.empty();
            try {
                if (front.isPresent()) {
                    // how the peers find out is their matter: nothing comes back that could be waited for
                    Thread.sleep(node.settlingTime());
                }
                return report(node.store(), renewals.pass(specs, mode()));
            } finally {
                front.ifPresent(TemporaryFront::close);
            }
        }
    }

    private RenewalMode mode() {
        return force.getAsBoolean() ? RenewalMode.FORCE : RenewalMode.DUE_ONLY;
    }

    private boolean wouldOrder(Renewals renewals, List<CertificateSpec> specs) {
        return specs.stream().anyMatch(spec -> {
            try {
                return renewals.wouldOrder(spec, mode());
            } catch (StoreException e) {
                // the pass meets it as well, and says so
                return false;
            }
        });
    }

    private int prepare(Renewals renewals, Issuer issuer, List<CertificateSpec> specs) {
        boolean well = true;
        for (CertificateSpec spec : specs) {
            try {
                say(spec.site() + ": "
                        + renewals.prepare(spec).map(RenewCommand::prepared).orElse(IN_WORK));
            } catch (StoreException e) {
                well = false;
                say(spec.site() + ": " + e.getMessage());
            }
        }
        Optional<String> trouble = issuer.prepareAccount(specs.getFirst().site());
        say(trouble.map(reason -> "There is no account at " + issuer.directory() + " yet. " + reason)
                .orElse("There is an account at " + issuer.directory()));
        return well && trouble.isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private static String prepared(CertificateVersion version) {
        return switch (version.origin()) {
            case Origin.SelfSigned _ -> "a self-signed certificate stands there, nothing is ordered yet";
            case Origin.Issued _ -> "has its certificate, good until " + version.notAfter();
        };
    }

    /** Who it is, where that is known. */
    private static String holder(Store store, Site site) {
        try {
            return store.lockHolder(site.name())
                    .map(holder -> " (process " + holder.process() + ", since " + holder.since() + ")")
                    .orElse("");
        } catch (StoreException e) {
            return "";
        }
    }

    private int report(Store store, List<RenewalResult> results) {
        boolean well = true;
        for (RenewalResult result : results) {
            Site site = result.site();
            switch (result) {
                case RenewalResult.Renewed(var _, var version, var next) ->
                    say(site + ": renewed, good until " + version.notAfter() + ", next renewal " + next);
                case RenewalResult.ImplausibleDates(var _, var version, var reason, var next) -> {
                    well = false;
                    say(site + ": has a new certificate until " + version.notAfter() + ", but " + reason
                            + ". It is not ordered again before " + next);
                }
                case RenewalResult.NotDue(var _, var next) -> say(site + ": not due until " + next);
                case RenewalResult.Busy busy -> {
                    // who forces wants a certificate now
                    well &= !force.getAsBoolean();
                    say(site + ": " + IN_WORK + holder(store, site));
                }
                case RenewalResult.NotDeployed(var _, var reason, var next) -> {
                    well = false;
                    say(site + ": has its certificate, but the server was not told; the next pass after " + next
                            + " tries again. " + reason);
                }
                case RenewalResult.NotServed(var _, var reason, var next) -> {
                    well = false;
                    say(site + ": has its certificate, but it is not what visitors get; the next pass after " + next
                            + " looks again. " + reason);
                }
                case RenewalResult.Waiting(var _, var failure, var next) -> {
                    well = false;
                    say(site + ": " + (failure.certificateIssued() ? "issued to no purpose " : "failed ")
                            + failure.howOften() + ", left alone until " + next + " (--force tries now). "
                            + failure.reason());
                }
                case RenewalResult.ForcedRenewalFailed(var _, var reason, var next) -> {
                    well = false;
                    say(site + ": failed, and nothing tries again before " + next
                            + ", when its certificate is due. Repeat this once the cause is mended. " + reason);
                }
                case RenewalResult.Failed(var _, var reason, var next) -> {
                    well = false;
                    say(site + ": failed, the next pass after " + next + " tries again. " + reason);
                }
                case RenewalResult.Interrupted interrupted -> {
                    well = false;
                    say(site + ": interrupted; the next pass takes it up");
                }
            }
        }
        return well ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private int foretell(LocalNode node, Renewals renewals, List<CertificateSpec> specs) throws StoreException {
        for (CertificateSpec spec : specs) {
            Progress progress = node.store().progress(spec.site().name());
            String order = progress.order().isPresent()
                    ? "would be ordered, by order " + progress.order().get().order()
                    : "would be ordered";
            String waiting = progress.failure()
                    .filter(failure -> failure.isWaiting(Instant.now()) && !force.getAsBoolean())
                    .map(failure -> ", not before " + failure.nextAttempt()
                            + (failure.certificateIssued() ? "" : " as it failed"))
                    .orElse("");
            switch (renewals.due(spec)) {
                case Due.Now(String reason) -> say(spec.site() + ": " + order + waiting + ": " + reason);
                case Due.Later(var at) ->
                    say(spec.site()
                            + (force.getAsBoolean() ? ": " + order + ", though not due until " : ": not due until ")
                            + at);
            }
        }
        return ExitStatus.OK;
    }

    private void say(String line) {
        out().println(line);
    }
}
