package org.ringcert.daemon.cli;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.BriefFront;
import org.ringcert.daemon.LocalNode;
import org.ringcert.issue.Issuer;
import org.ringcert.issue.Wish;
import org.ringcert.renew.Due;
import org.ringcert.renew.Renewals;
import org.ringcert.renew.Result;
import org.ringcert.store.Origin;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.Version;

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
    private final Common common = new Common(this);

    RenewCommand() {
        super("Renews what is due, once: for cron, a timer, or a person.");
    }

    @Override
    public Integer call() throws Exception {
        boolean anyway = force.getAsBoolean();
        if (prepare.getAsBoolean() && (anyway || dryRun.getAsBoolean())) {
            throw new UsageException("--prepare orders nothing, so it goes with neither --force nor --dry-run");
        }
        Common.Loaded loaded = common.load();
        List<Site> chosen = loaded.sites(names.get());
        LocalNode node = loaded.open();
        List<Wish> wishes = node.wishes().stream()
                .filter(wish -> chosen.contains(wish.site()))
                .toList();
        try (CertificateAuthority authority = node.connect()) {
            Narration narration = new Narration();
            Renewals renewals = node.renewals(authority, narration);
            if (prepare.getAsBoolean()) {
                return prepare(renewals, node.issuer(authority, narration), wishes);
            }
            if (dryRun.getAsBoolean()) {
                return foretell(node, renewals, wishes);
            }
            node.challenges().sweep();
            Optional<BriefFront> front = wouldOrder(renewals, wishes) ? node.briefFront() : Optional.empty();
            try {
                if (front.isPresent()) {
                    // how the peers find out is their matter: nothing comes back that could be waited for
                    Thread.sleep(node.settling());
                }
                return report(node.store(), renewals.pass(wishes, anyway));
            } finally {
                front.ifPresent(BriefFront::close);
            }
        }
    }

    private boolean wouldOrder(Renewals renewals, List<Wish> wishes) {
        return wishes.stream().anyMatch(wish -> {
            try {
                return renewals.wouldOrder(wish, force.getAsBoolean());
            } catch (StoreException e) {
                // the pass meets it as well, and says so
                return false;
            }
        });
    }

    private int prepare(Renewals renewals, Issuer issuer, List<Wish> wishes) {
        boolean well = true;
        for (Wish wish : wishes) {
            try {
                say(wish.site() + ": "
                        + renewals.prepare(wish).map(RenewCommand::prepared).orElse(IN_WORK));
            } catch (StoreException e) {
                well = false;
                say(wish.site() + ": " + e.getMessage());
            }
        }
        Optional<String> trouble = issuer.prepareAccount(wishes.getFirst().site());
        say(trouble.map(reason -> "There is no account at " + issuer.directory() + " yet. " + reason)
                .orElse("There is an account at " + issuer.directory()));
        return well && trouble.isEmpty() ? Ringcert.WELL : Ringcert.FAILED;
    }

    private static String prepared(Version version) {
        return switch (version.origin()) {
            case Origin.SelfSigned _ -> "a self-signed certificate stands there, nothing is ordered yet";
            case Origin.Issued _ -> "has its certificate, good until " + version.notAfter();
        };
    }

    /** Who it is, where that is known. */
    private static String holder(Store store, Site site) {
        try {
            return store.holder(site.name())
                    .map(holder -> " (process " + holder.process() + ", since " + holder.since() + ")")
                    .orElse("");
        } catch (StoreException e) {
            return "";
        }
    }

    private int report(Store store, List<Result> results) {
        boolean well = true;
        for (Result result : results) {
            Site site = result.site();
            switch (result) {
                case Result.Renewed(var _, var version, var next) ->
                    say(site + ": renewed, good until " + version.notAfter() + ", next renewal " + next);
                case Result.Doubtful(var _, var version, var reason, var next) -> {
                    well = false;
                    say(site + ": has a new certificate until " + version.notAfter() + ", but " + reason
                            + ". It is not ordered again before " + next);
                }
                case Result.NotDue(var _, var next) -> say(site + ": not due until " + next);
                case Result.Busy busy -> {
                    // who forces wants a certificate now
                    well &= !force.getAsBoolean();
                    say(site + ": " + IN_WORK + holder(store, site));
                }
                case Result.NotDeployed(var _, var reason, var next) -> {
                    well = false;
                    say(site + ": has its certificate, but the server was not told; the next pass after " + next
                            + " tries again. " + reason);
                }
                case Result.NotServed(var _, var reason, var next) -> {
                    well = false;
                    say(site + ": has its certificate, but it is not what visitors get; the next pass after " + next
                            + " looks again. " + reason);
                }
                case Result.Waiting(var _, var failure, var next) -> {
                    well = false;
                    say(site + ": " + (failure.issued() ? "issued to no purpose " : "failed ") + failure.howOften()
                            + ", left alone until " + next + " (--force tries now). " + failure.reason());
                }
                case Result.FailedByForce(var _, var reason, var next) -> {
                    well = false;
                    say(site + ": failed, and nothing tries again before " + next
                            + ", when its certificate is due. Repeat this once the cause is mended. " + reason);
                }
                case Result.Failed(var _, var reason, var next) -> {
                    well = false;
                    say(site + ": failed, the next pass after " + next + " tries again. " + reason);
                }
                case Result.Interrupted interrupted -> {
                    well = false;
                    say(site + ": interrupted; the next pass takes it up");
                }
            }
        }
        return well ? Ringcert.WELL : Ringcert.FAILED;
    }

    private int foretell(LocalNode node, Renewals renewals, List<Wish> wishes) throws StoreException {
        for (Wish wish : wishes) {
            Progress progress = node.store().progress(wish.site().name());
            String order = progress.order().isPresent()
                    ? "would be ordered, by order " + progress.order().get().order()
                    : "would be ordered";
            String waiting = progress.failure()
                    .filter(failure -> failure.holds(Instant.now()) && !force.getAsBoolean())
                    .map(failure -> ", not before " + failure.next() + (failure.issued() ? "" : " as it failed"))
                    .orElse("");
            switch (renewals.due(wish)) {
                case Due.Now(String reason) -> say(wish.site() + ": " + order + waiting + ": " + reason);
                case Due.Later(var at) ->
                    say(wish.site()
                            + (force.getAsBoolean() ? ": " + order + ", though not due until " : ": not due until ")
                            + at);
            }
        }
        return Ringcert.WELL;
    }

    private void say(String line) {
        out().println(line);
    }
}
